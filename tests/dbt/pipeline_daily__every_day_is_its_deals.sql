-- On every day the open deals of a team and stage are those of fct_open_deal_periods, and a deal is in one team and stage at a time: it counts once on the
-- day it moves (KPIs §4, 2; §5, 8).
with deal_days as (
    select
        dates.date_day,
        periods.team_id,
        periods.stage,
        count(*) as open_deals,
        sum(periods.amount) as open_pipeline
    from {{ ref('fct_open_deal_periods') }} as periods
    inner join {{ ref('dim_dates') }} as dates on {{ held_on('periods', 'dates.date_day') }}
    where dates.is_elapsed
    group by dates.date_day, periods.team_id, periods.stage
),

neighbours as (
    select
        opportunity_id,
        valid_from,
        lag(valid_to) over (partition by opportunity_id order by valid_from, valid_to) as earlier_valid_to
    from {{ ref('fct_open_deal_periods') }}
)

select
    coalesce(deal_days.date_day, published.date_day) as date_day,
    coalesce(deal_days.team_id, published.team_id) as team_id,
    coalesce(deal_days.stage, published.stage) as stage,
    deal_days.open_deals as open_deals_of_the_fact,
    published.open_deals,
    deal_days.open_pipeline as open_pipeline_of_the_fact,
    published.open_pipeline
from deal_days
full outer join {{ ref('pipeline_daily') }} as published
    on deal_days.date_day = published.date_day and deal_days.team_id = published.team_id and deal_days.stage = published.stage
where
    deal_days.open_deals is distinct from published.open_deals
    or coalesce(deal_days.open_pipeline, 0) <> coalesce(published.open_pipeline, 0)
union all
select
    valid_from as date_day,
    opportunity_id as team_id,
    'overlap' as stage,
    2 as open_deals_of_the_fact,
    1 as open_deals,
    null as open_pipeline_of_the_fact,
    null as open_pipeline
from neighbours
where valid_from < earlier_valid_to
