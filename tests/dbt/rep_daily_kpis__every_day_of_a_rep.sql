-- Spine rows = mart rows (KPIs §4, 2): a rep has a row for each day from hiring or first event to leaving or last event, `unassigned` for every day.
-- A missing day hides an event or breaks a running sum; a day too many invents an employed rep.
with events as (
    select
        rep_id,
        min(date_day) as first_event_date,
        max(date_day) as last_event_date
    from {{ ref('fct_rep_team_days') }}
    group by rep_id
),

expected as (
    select
        reps.rep_id,
        dates.date_day
    from {{ ref('dim_reps') }} as reps
    cross join {{ ref('dim_dates') }} as dates
    left join events on reps.rep_id = events.rep_id
    where
        dates.is_elapsed
        and (
            reps.rep_id = 'unassigned'
            or (
                (dates.date_day >= reps.hired_on or dates.date_day >= events.first_event_date)
                and (reps.left_on is null or dates.date_day < reps.left_on or dates.date_day <= events.last_event_date)
            )
        )
)

select
    coalesce(expected.rep_id, marts.rep_id) as rep_id,
    coalesce(expected.date_day, marts.date_day) as date_day,
    case when marts.rep_id is null then 'missing' else 'not a day of the rep' end as problem
from expected
full outer join {{ ref('rep_daily_kpis') }} as marts on expected.rep_id = marts.rep_id and expected.date_day = marts.date_day
where expected.rep_id is null or marts.rep_id is null
