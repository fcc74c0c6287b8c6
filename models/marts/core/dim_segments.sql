-- grain: one row per account segment, and `unknown`
with final as (
    select segment from {{ ref('int_accounts') }}
    where segment is not null
    union
    select 'unknown' as segment
)

select * from final
