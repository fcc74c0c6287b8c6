-- What is in the pipeline today, by team and expected month of closing? `overdue` deals should have closed before today.
with as_of as (
    select max(date_day) as as_of_date from {{ ref('dim_dates') }}
    where is_elapsed
)

select
    teams.team_name,
    {{ month_of('deals.expected_close_date') }} as expected_close_month,
    coalesce(deals.expected_close_date < as_of.as_of_date, false) as is_overdue,
    count(*) as open_deals,
    sum(deals.amount) as open_pipeline,
    sum(deals.weighted_amount) as weighted_pipeline
from {{ ref('fct_open_deal_periods') }} as deals
inner join as_of on deals.valid_from <= as_of.as_of_date and deals.valid_to > as_of.as_of_date
inner join {{ ref('dim_teams') }} as teams on deals.team_id = teams.team_id
group by
    teams.team_name,
    {{ month_of('deals.expected_close_date') }},
    coalesce(deals.expected_close_date < as_of.as_of_date, false)
order by teams.team_name asc, expected_close_month asc nulls last, is_overdue asc
