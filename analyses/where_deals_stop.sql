-- In which stage do deals end that were lost, by team, over the last twelve months, and what were they worth?
with as_of as (
    select max(date_day) as as_of_date from {{ ref('dim_dates') }}
    where is_elapsed
),

lost_deals as (
    select
        deals.opportunity_id,
        deals.closed_team_id as team_id,
        deals.amount
    from {{ ref('fct_opportunities') }} as deals
    cross join as_of
    where deals.is_lost and deals.close_date > {{ add_months('as_of.as_of_date', -12) }}
),

last_open_stages as (
    select
        lost_deals.*,
        coalesce(stages.stage, 'unknown') as last_open_stage,
        row_number() over (partition by lost_deals.opportunity_id order by stages.changed_at desc) as place_from_last
    from lost_deals
    left join {{ ref('fct_opportunity_stages') }} as stages
        on
            lost_deals.opportunity_id = stages.opportunity_id
            and not {{ stage_is_in(var('won_stages') + var('lost_stages'), 'stages.stage') }}
)

select
    teams.team_name,
    last_open_stages.last_open_stage,
    count(*) as deals_lost,
    sum(last_open_stages.amount) as lost_amount
from last_open_stages
inner join {{ ref('dim_teams') }} as teams on last_open_stages.team_id = teams.team_id
where last_open_stages.place_from_last = 1
group by teams.team_name, last_open_stages.last_open_stage
order by teams.team_name asc, deals_lost desc, last_open_stages.last_open_stage asc
