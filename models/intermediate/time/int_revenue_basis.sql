-- grain: one row: which sales are revenue (KPIs §1, G1)
with final as (
    select
        case
            when '{{ var("revenue_basis") }}' <> 'auto' then '{{ var("revenue_basis") }}'
            when max(case when table_name = 'orders' and is_supplied then 1 else 0 end) = 1 then 'orders'
            else 'won_opportunities'
        end as revenue_basis
    from {{ ref('stg_run__raw_tables') }}
)

select * from final
