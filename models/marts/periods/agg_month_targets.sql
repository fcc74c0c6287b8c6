-- grain: one row per metric, target_month, grain (company, team, rep) and entity with a target: its own, else that of what is below it together
with targets as (
    select
        metric,
        target_month,
        entity_type,
        entity_id,
        target_value
    from {{ ref('fct_targets') }}
),

-- a rep's target belongs to the team on the month's last day
teams_from_reps as (
    select
        targets.metric,
        targets.target_month,
        rep_teams.team_id as entity_id,
        sum(targets.target_value) as target_value
    from targets
    inner join {{ ref('dim_rep_teams') }} as rep_teams
        on targets.entity_id = rep_teams.rep_id and {{ held_on('rep_teams', month_end('targets.target_month')) }}
    where targets.entity_type = 'rep'
    group by targets.metric, targets.target_month, rep_teams.team_id
),

{% for grain, below in [('team', 'teams_from_reps'), ('company', 'company_from_teams')] %}
{% if grain == 'company' %}
company_from_teams as (
    select
        metric,
        target_month,
        'company' as entity_id,
        sum(target_value) as target_value
    from team_targets
    group by metric, target_month
),

{% endif %}
own_{{ grain }}_targets as (
    select
        metric,
        target_month,
        {{ "'company'" if grain == 'company' else 'entity_id' }} as entity_id,
        case when count(*) = count(target_value) then sum(target_value) end as target_value
    from targets
    where entity_type = '{{ grain }}'
    group by metric, target_month{{ ', entity_id' if grain != 'company' }}
),

-- an own target that no rate converts is unknown: what is below does not stand in for it
{{ grain }}_targets as (
    select
        coalesce(own.metric, below.metric) as metric,
        coalesce(own.target_month, below.target_month) as target_month,
        coalesce(own.entity_id, below.entity_id) as entity_id,
        case when own.metric is not null then own.target_value else below.target_value end as target_value
    from own_{{ grain }}_targets as own
    full outer join {{ below }} as below
        on own.metric = below.metric and own.target_month = below.target_month and own.entity_id = below.entity_id
),

{% endfor %}
every_target as (
    {% for grain in ['company', 'team'] %}
    select
        '{{ grain }}' as grain,
        metric,
        target_month,
        entity_id,
        target_value
    from {{ grain }}_targets
    union all
    {% endfor %}
    select
        entity_type as grain,
        metric,
        target_month,
        entity_id,
        target_value
    from targets
    where entity_type = 'rep'
),

final as (
    select
        metric,
        target_month,
        grain,
        entity_id,
        cast(target_value as {{ money_type() }}) as target
    from every_target
)

select * from final
