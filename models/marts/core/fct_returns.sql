-- grain: one row per return and order line that it concerns
{{ config(partition_by=by_month('returned_date')) }}
with returns as (
    select
        *,
        coalesce(order_line_id, 'order ' || order_id) as sale_line_id
    from {{ ref('int_return_lines') }}
    where exclusion_reason is null
),

priced as (
    select
        returns.return_id,
        returns.sale_line_id,
        returns.is_line_known,
        returns.returned_at,
        returns.returned_date,
        returns.quantity,
        returns.refund_amount as original_returned_amount,
        returns.returned_amount,
        returns.exchange_rate,
        lines.sale_id,
        lines.customer_id,
        lines.product_id,
        lines.sale_date,
        lines.currency,
        lines.has_line,
        lines.is_revenue_basis,
        lines.quantity as line_quantity,
        lines.cost_amount as line_cost_amount,
        lines.sold_amount as line_sold_amount,
        sum(coalesce(returns.quantity, 0)) over (
            partition by returns.sale_line_id order by returns.returned_date, returns.returned_at, returns.return_id
            rows between unbounded preceding and current row
        ) as quantity_so_far
    from returns
    inner join {{ ref('int_sale_lines') }} as lines
        on returns.sale_line_id = lines.sale_line_id and lines.basis = 'orders'
),

reversed as (
    select
        *,
        case
            when line_cost_amount is null then null
            when quantity is null or coalesce(line_quantity, 0) <= 0 or quantity_so_far > line_quantity and quantity_so_far - quantity >= line_quantity
                then cast(0 as {{ money_type() }})
            else {{ exact_share('line_cost_amount', 'quantity', 'line_quantity') }}
        end as cut_cost_amount,
        coalesce(quantity > 0 and line_quantity > 0 and quantity_so_far >= line_quantity and quantity_so_far - quantity < line_quantity, false)
            as completes_line
    from priced
),

totalled as (
    select
        *,
        sum(case when not completes_line then cut_cost_amount end) over (
            partition by sale_line_id order by returned_date, returned_at, return_id
            rows between unbounded preceding and 1 preceding
        ) as cost_reversed_before
    from reversed
),

final as (
    select
        return_id,
        sale_line_id,
        is_revenue_basis,
        sale_id,
        customer_id,
        product_id,
        is_line_known,
        has_line,
        returned_at,
        returned_date,
        sale_date,
        currency,
        exchange_rate,
        quantity,
        original_returned_amount,
        returned_amount,
        -- the return that completes the line reverses what is left of its cost
        cast(case
            when completes_line then line_cost_amount - coalesce(cost_reversed_before, 0)
            else cut_cost_amount
        end as {{ money_type() }}) as returned_cost_amount,
        line_sold_amount is not null and returned_amount is not null and line_cost_amount is not null as has_margin,
        exchange_rate is null as is_fx_missing
    from totalled
)

select * from final
