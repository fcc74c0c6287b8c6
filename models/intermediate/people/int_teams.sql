-- grain: one row per team: supplied, inferred, and `unassigned`
with mentions as (
    select team_id from {{ ref('int_team_statements') }}
    union
    select team_id from {{ ref('stg_crm__reps') }}
    union
    select parent_team_id as team_id from {{ ref('stg_crm__teams') }}
    union
    select member_id as team_id from {{ ref('int_mentions') }}
    where member = 'team'
),

supplied as (
    select
        team_id,
        team_name,
        region,
        parent_team_id,
        manager_rep_id,
        false as is_inferred
    from {{ ref('stg_crm__teams') }}
),

inferred as (
    select
        mentions.team_id,
        mentions.team_id as team_name,
        cast(null as {{ dbt.type_string() }}) as region,
        cast(null as {{ dbt.type_string() }}) as parent_team_id,
        cast(null as {{ dbt.type_string() }}) as manager_rep_id,
        mentions.team_id <> 'unassigned' as is_inferred
    from (
        select team_id from mentions
        where team_id is not null
        union
        select 'unassigned' as team_id
    ) as mentions
    left join supplied on mentions.team_id = supplied.team_id
    where supplied.team_id is null
),

final as (
    select * from supplied
    union all
    select * from inferred
)

select * from final
