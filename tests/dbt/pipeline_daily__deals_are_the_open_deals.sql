-- On the as-of date the open deals of the mart are those of fct_opportunities, per team and with their amount: no deal is lost between stages and teams, or
-- counted twice on the day it moves (KPIs §5, 8).
with clock as (
    select max(date_day) as as_of_date from {{ ref('dim_dates') }}
    where is_elapsed
),

published as (
    select
        pipeline.team_id,
        sum(pipeline.open_deals) as open_deals,
        sum(coalesce(pipeline.open_pipeline, 0)) as open_pipeline
    from {{ ref('pipeline_daily') }} as pipeline
    inner join clock on pipeline.date_day = clock.as_of_date
    group by pipeline.team_id
),

deals as (
    select
        teams.team_id,
        count(*) as open_deals,
        sum(coalesce(opportunities.amount, 0)) as open_pipeline
    from {{ ref('fct_opportunities') }} as opportunities
    cross join clock
    inner join {{ ref('dim_rep_teams') }} as teams
        on opportunities.owner_rep_id = teams.rep_id and {{ held_on('teams', 'clock.as_of_date') }}
    where opportunities.is_open and (opportunities.created_date is null or opportunities.created_date <= clock.as_of_date)
    group by teams.team_id
)

select
    coalesce(deals.team_id, published.team_id) as team_id,
    deals.open_deals as open_deals_of_the_fact,
    published.open_deals,
    deals.open_pipeline as open_pipeline_of_the_fact,
    published.open_pipeline
from deals
full outer join published on deals.team_id = published.team_id
where deals.open_deals is distinct from published.open_deals or deals.open_pipeline is distinct from published.open_pipeline
