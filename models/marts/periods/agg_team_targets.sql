-- grain: one row per target_month and team: its own target of net revenue, else that of its reps together
with targets as (
    select
        target_month,
        entity_type,
        entity_id,
        target_value
    from {{ ref('fct_targets') }}
    where metric = 'net_revenue'
),

team_targets as (
    select
        target_month,
        entity_id as team_id,
        target_value
    from targets
    where entity_type = 'team'
),

-- a rep's target belongs to the team on the month's last day
rep_targets as (
    select
        targets.target_month,
        rep_teams.team_id,
        sum(targets.target_value) as target_value
    from targets
    inner join {{ ref('dim_rep_teams') }} as rep_teams
        on targets.entity_id = rep_teams.rep_id and {{ held_on('rep_teams', month_end('targets.target_month')) }}
    where targets.entity_type = 'rep'
    group by targets.target_month, rep_teams.team_id
),

-- a team's own target that no rate converts is unknown: its reps' do not stand in for it
final as (
    select
        coalesce(team_targets.target_month, rep_targets.target_month) as target_month,
        coalesce(team_targets.team_id, rep_targets.team_id) as team_id,
        cast(case when team_targets.team_id is not null then team_targets.target_value else rep_targets.target_value end as {{ money_type() }})
            as target
    from team_targets
    full outer join rep_targets on team_targets.target_month = rep_targets.target_month and team_targets.team_id = rep_targets.team_id
)

select * from final
