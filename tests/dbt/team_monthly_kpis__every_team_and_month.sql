-- Spine rows = mart rows (KPIs §4, 2): every team has a row for every month of the calendar. A missing month makes growth compare the wrong ones.
with expected as (
    select distinct
        teams.team_id,
        dates.month
    from {{ ref('dim_teams') }} as teams
    cross join {{ ref('dim_dates') }} as dates
)

select
    coalesce(expected.team_id, marts.team_id) as team_id,
    coalesce(expected.month, marts.month) as month,
    case when marts.team_id is null then 'missing' else 'not a month of the calendar, or not a team' end as problem
from expected
full outer join {{ ref('team_monthly_kpis') }} as marts on expected.team_id = marts.team_id and expected.month = marts.month
where expected.team_id is null or marts.team_id is null
