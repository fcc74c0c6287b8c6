-- grain: one row per team, supplied, inferred or `unassigned`
{% set levels = 10 %}

with level_0 as (
    select
        team_id,
        parent_team_id,
        cast(team_id as {{ dbt.type_string() }}) as team_path,
        team_id as top_team_id,
        case when parent_team_id <> team_id then parent_team_id end as next_team_id,
        0 as team_level
    from {{ ref('int_teams') }}
),

{% for level in range(1, levels + 1) %}
level_{{ level }} as (
    select
        teams.team_id,
        teams.parent_team_id,
        case when parents.team_id is not null then parents.team_id || ' / ' || teams.team_path else teams.team_path end as team_path,
        coalesce(parents.team_id, teams.top_team_id) as top_team_id,
        case when parents.team_id <> parents.parent_team_id then parents.parent_team_id end as next_team_id,
        teams.team_level + case when parents.team_id is not null then 1 else 0 end as team_level
    from level_{{ level - 1 }} as teams
    left join {{ ref('int_teams') }} as parents on teams.next_team_id = parents.team_id
),

{% endfor %}
final as (
    select
        teams.team_id,
        teams.team_name,
        teams.region,
        coalesce(teams.region, '') as region_key,
        teams.parent_team_id,
        teams.manager_rep_id,
        -- a tree that does not end within {{ levels }} levels is a cycle: the team stands alone
        case when paths.next_team_id is null then paths.team_path else teams.team_id end as team_path,
        cast(case when paths.next_team_id is null then paths.team_level else 0 end as bigint) as team_level,
        case when paths.next_team_id is null then paths.top_team_id else teams.team_id end as root_team_id,
        paths.next_team_id is not null as is_hierarchy_broken,
        teams.is_inferred
    from {{ ref('int_teams') }} as teams
    inner join level_{{ levels }} as paths on teams.team_id = paths.team_id
)

select * from final
