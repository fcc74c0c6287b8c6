-- grain: one row per customer and month in which it bought or returned something
{{ config(partition_by=by_month('month')) }}
with sales as (
    select
        customer_id,
        {{ month_of('sale_date') }} as month,
        count(distinct sale_id) as sales_count,
        count(distinct sale_date) as purchase_days,
        count(*) as sale_lines,
        sum(case when has_line then 1 else 0 end) as real_lines,
        count(sold_amount) as priced_lines,
        sum(sold_amount) as sold_amount,
        sum(case when has_margin then 1 else 0 end) as costed_lines,
        sum(case when has_margin then sold_amount - cost_amount end) as margin_amount
    from {{ ref('fct_sales') }}
    where is_revenue_basis and customer_id is not null
    group by customer_id, {{ month_of('sale_date') }}
),

returns as (
    select
        customer_id,
        {{ month_of('returned_date') }} as month,
        count(*) as return_lines,
        sum(case when has_line then 1 else 0 end) as real_lines,
        count(returned_amount) as priced_lines,
        sum(returned_amount) as returned_amount,
        sum(case when has_margin then 1 else 0 end) as costed_lines,
        sum(case when has_margin then returned_amount - returned_cost_amount end) as margin_amount
    from {{ ref('fct_returns') }}
    where is_revenue_basis and customer_id is not null
    group by customer_id, {{ month_of('returned_date') }}
),

joined as (
    select
        coalesce(sales.customer_id, returns.customer_id) as customer_id,
        coalesce(sales.month, returns.month) as month,
        sales.customer_id is not null as is_buyer,
        coalesce(sales.sales_count, 0) as sales_count,
        coalesce(sales.purchase_days, 0) as purchase_days,
        {{ known_sum('sales.sold_amount', 'sales.sale_lines', 'sales.priced_lines') }} as sold_amount,
        {{ known_sum('returns.returned_amount', 'returns.return_lines', 'returns.priced_lines') }} as returned_amount,
        coalesce(returns.return_lines, 0) as return_lines,
        coalesce(returns.priced_lines, 0) as priced_return_lines,
        coalesce(sales.sale_lines, 0) + coalesce(returns.return_lines, 0) as revenue_lines,
        coalesce(sales.priced_lines, 0) + coalesce(returns.priced_lines, 0) as priced_lines,
        coalesce(sales.real_lines, 0) + coalesce(returns.real_lines, 0) as real_lines,
        coalesce(sales.costed_lines, 0) + coalesce(returns.costed_lines, 0) as costed_lines,
        coalesce(sales.sold_amount, 0) - coalesce(returns.returned_amount, 0) as net_revenue,
        coalesce(sales.margin_amount, 0) - coalesce(returns.margin_amount, 0) as gross_margin
    from sales
    full outer join returns on sales.customer_id = returns.customer_id and sales.month = returns.month
),

final as (
    select
        customer_id,
        month,
        is_buyer,
        sales_count,
        purchase_days,
        cast(sold_amount as {{ money_type() }}) as sold_amount,
        cast(returned_amount as {{ money_type() }}) as returned_amount,
        cast({{ known_sum('net_revenue', 'revenue_lines', 'priced_lines') }} as {{ money_type() }}) as net_revenue,
        cast({{ known_sum('gross_margin', 'real_lines', 'costed_lines') }} as {{ money_type() }}) as gross_margin,
        cast(revenue_lines as bigint) as revenue_lines,
        cast(priced_lines as bigint) as priced_lines,
        cast(real_lines as bigint) as real_lines,
        cast(costed_lines as bigint) as costed_lines,
        cast(return_lines as bigint) as return_lines,
        cast(priced_return_lines as bigint) as priced_return_lines
    from joined
)

select * from final
