-- grain: one row per need that a metric of the catalogue can name, with the raw tables behind it
with tables as (
    select * from {{ ref('stg_run__raw_tables') }}
),

behind as (
    select
        table_name as need,
        table_name
    from tables
    union all
    select
        'sales' as need,
        'orders' as table_name
    from {{ ref('int_revenue_basis') }}
    where revenue_basis = 'orders'
    union all
    select
        'sales' as need,
        'order_lines' as table_name
    from {{ ref('int_revenue_basis') }}
    where revenue_basis = 'orders'
    union all
    select
        'sales' as need,
        'opportunities' as table_name
    from {{ ref('int_revenue_basis') }}
    where revenue_basis = 'won_opportunities'
    union all
    select
        'order_sales' as need,
        'orders' as table_name
    union all
    select
        'order_sales' as need,
        'order_lines' as table_name
),

supplied as (
    select
        behind.need,
        behind.table_name,
        -- deals as revenue have no units, costs or returns, even where orders are supplied
        tables.is_supplied and (behind.need <> 'order_sales' or bases.revenue_basis = 'orders') as is_supplied
    from behind
    cross join {{ ref('int_revenue_basis') }} as bases
    inner join tables on behind.table_name = tables.table_name
),

sales as (
    select min(case when is_supplied then 1 else 0 end) = 1 as is_supplied from supplied
    where need = 'sales'
),

final as (
    select
        need,
        table_name,
        is_supplied
    from supplied
    union all
    -- a customer is active by its purchases or by its subscriptions
    select
        'sales|subscriptions' as need,
        'subscriptions' as table_name,
        tables.is_supplied or sales.is_supplied as is_supplied
    from tables
    cross join sales
    where tables.table_name = 'subscriptions'
)

select * from final
