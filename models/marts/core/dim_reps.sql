-- grain: one row per rep, supplied, inferred or `unassigned`
with final as (
    select
        reps.rep_id,
        {{ shown_name('reps.rep_name', 'reps.rep_id', 'Rep') }} as rep_name,
        current_teams.team_id,
        teams.team_name,
        teams.region,
        reps.hired_on,
        reps.left_on,
        reps.fte,
        reps.rep_id <> 'unassigned' and coalesce(reps.left_on > clock.as_of_date, true)
        and coalesce(reps.hired_on <= clock.as_of_date, true) as is_current,
        reps.is_inferred
    from {{ ref('int_reps') }} as reps
    cross join {{ ref('stg_run__clock') }} as clock
    inner join {{ ref('dim_rep_teams') }} as current_teams
        on reps.rep_id = current_teams.rep_id and {{ held_on('current_teams', 'clock.as_of_date') }}
    inner join {{ ref('dim_teams') }} as teams on current_teams.team_id = teams.team_id
)

select * from final
