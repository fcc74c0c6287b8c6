-- grain: one row per rep: supplied, inferred, and `unassigned`
with supplied as (
    select
        rep_id,
        rep_name,
        team_id,
        hired_on,
        left_on,
        fte,
        false as is_inferred
    from {{ ref('stg_crm__reps') }}
),

inferred as (
    select
        mentioned.rep_id,
        mentioned.rep_id as rep_name,
        cast(null as {{ dbt.type_string() }}) as team_id,
        cast(null as date) as hired_on,
        cast(null as date) as left_on,
        cast(1 as {{ money_type() }}) as fte,
        true as is_inferred
    from {{ ref('int_mentioned_reps') }} as mentioned
    left join supplied on mentioned.rep_id = supplied.rep_id
    where supplied.rep_id is null
),

nobody as (
    select
        'unassigned' as rep_id,
        'unassigned' as rep_name,
        cast(null as {{ dbt.type_string() }}) as team_id,
        cast(null as date) as hired_on,
        cast(null as date) as left_on,
        cast(0 as {{ money_type() }}) as fte,
        false as is_inferred
),

final as (
    select * from supplied
    union all
    select * from inferred
    union all
    select * from nobody
)

select * from final
