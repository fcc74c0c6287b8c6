-- grain: one row per grain (company, team, rep), entity and period: the company and every team in each, a rep in those with a day of its own
with periods as (
    select
        period_type,
        period_start,
        counted_from,
        measured_on
    from {{ ref('dim_periods') }}
),

-- the team of a rep in a period is that of its last day there
rep_days as (
    select
        periods.period_type,
        periods.period_start,
        days.rep_id,
        max(days.date_day) as last_day
    from periods
    inner join {{ ref('fct_rep_days') }} as days on periods.counted_from <= days.date_day and periods.measured_on >= days.date_day
    group by periods.period_type, periods.period_start, days.rep_id
),

entities as (
    select
        'company' as grain,
        'company' as entity_id,
        'company' as entity_name,
        cast(null as {{ dbt.type_string() }}) as team_id,
        '' as region_key,
        period_type,
        period_start
    from periods
    union all
    select
        'team' as grain,
        teams.team_id as entity_id,
        teams.team_name as entity_name,
        teams.team_id,
        teams.region_key,
        periods.period_type,
        periods.period_start
    from periods
    cross join {{ ref('dim_teams') }} as teams
    union all
    select
        'rep' as grain,
        rep_days.rep_id as entity_id,
        reps.rep_name as entity_name,
        days.team_id,
        teams.region_key,
        rep_days.period_type,
        rep_days.period_start
    from rep_days
    inner join {{ ref('fct_rep_days') }} as days on rep_days.rep_id = days.rep_id and rep_days.last_day = days.date_day
    inner join {{ ref('dim_reps') }} as reps on rep_days.rep_id = reps.rep_id
    inner join {{ ref('dim_teams') }} as teams on days.team_id = teams.team_id
),

final as (
    select
        entities.grain,
        entities.entity_id,
        entities.entity_name,
        entities.team_id,
        entities.region_key,
        entities.period_type,
        entities.period_start,
        periods.period_end,
        periods.is_complete_period,
        -- a period that the calendar cuts is nothing to compare with
        periods.counted_from = periods.period_start as is_whole_period,
        periods.previous_period_start,
        periods.year_earlier_period_start,
        periods.elapsed_days,
        working.working_days,
        working.elapsed_working_days,
        periods.as_of_date
    from entities
    inner join {{ ref('dim_periods') }} as periods
        on entities.period_type = periods.period_type and entities.period_start = periods.period_start
    inner join {{ ref('dim_region_periods') }} as working
        on
            entities.region_key = working.region_key
            and entities.period_type = working.period_type
            and entities.period_start = working.period_start
)

select * from final
