-- grain: one row per rep and calendar day on which the rep is employed or credited; `unassigned` every day
{{ config(partition_by=by_month('date_day')) }}
with calendar as (
    select
        first_day,
        as_of_date
    from {{ ref('int_calendar') }}
),

events as (
    select
        rep_id,
        min(date_day) as first_event_date,
        max(date_day) as last_event_date
    from {{ ref('fct_rep_team_days') }}
    group by rep_id
),

spans as (
    select
        reps.rep_id,
        reps.fte,
        coalesce(reps.hired_on, events.first_event_date) as employed_from,
        reps.left_on,
        case
            when reps.rep_id = 'unassigned' then calendar.first_day
            else greatest(calendar.first_day, {{ first_of('reps.hired_on', 'events.first_event_date') }})
        end as first_day,
        case
            when reps.rep_id = 'unassigned' or reps.left_on is null then calendar.as_of_date
            else least(calendar.as_of_date, {{ last_of(add_days('reps.left_on', -1), 'events.last_event_date') }})
        end as last_day
    from {{ ref('dim_reps') }} as reps
    cross join calendar
    left join events on reps.rep_id = events.rep_id
    where reps.rep_id = 'unassigned' or reps.hired_on is not null or events.first_event_date is not null
),

final as (
    select
        spans.rep_id,
        dates.date_day,
        dates.month,
        teams.team_id,
        teams.is_assumed as is_team_assumed,
        spans.rep_id <> 'unassigned'
        and dates.date_day >= spans.employed_from
        and coalesce(dates.date_day < spans.left_on, true) as is_employed,
        region_dates.is_working_day,
        region_dates.working_day_of_month,
        region_dates.working_days_in_month,
        spans.fte
    from spans
    inner join {{ ref('dim_dates') }} as dates on spans.first_day <= dates.date_day and spans.last_day >= dates.date_day
    inner join {{ ref('dim_rep_teams') }} as teams on spans.rep_id = teams.rep_id and {{ held_on('teams', 'dates.date_day') }}
    inner join {{ ref('dim_teams') }} as team_names on teams.team_id = team_names.team_id
    inner join {{ ref('dim_region_dates') }} as region_dates
        on team_names.region_key = region_dates.region_key and dates.date_day = region_dates.date_day
)

select * from final
