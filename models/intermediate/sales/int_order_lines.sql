-- grain: one row per staged order line, priced in the order's currency, with the reason why it does not count
with lines as (
    select
        lines.order_line_id,
        lines.order_id,
        lines.product_id,
        lines.quantity,
        lines.list_price,
        lines.discount_amount,
        lines.unit_cost,
        coalesce(lines.line_amount, {{ rounded_product('lines.quantity', 'lines.unit_price') }} - lines.discount_amount) as sold_amount
    from {{ ref('stg_crm__order_lines') }} as lines
),

final as (
    select
        lines.order_line_id,
        lines.order_id,
        lines.product_id,
        lines.quantity,
        lines.sold_amount,
        case
            when lines.list_price is not null then {{ rounded_product('lines.quantity', 'lines.list_price') }}
            else lines.sold_amount + lines.discount_amount
        end as gross_amount,
        case
            when lines.unit_cost is not null then {{ rounded_product('lines.quantity', 'lines.unit_cost') }}
            else {{ rounded_product('lines.quantity', 'products.unit_cost') }}
        end as cost_amount,
        -- a line's own cost is in the order's currency, the product's in its own
        case when lines.unit_cost is not null then orders.currency else products.currency end as cost_currency,
        case when orders.order_id is null then 'order_unknown' else orders.exclusion_reason end as exclusion_reason
    from lines
    left join {{ ref('int_orders') }} as orders on lines.order_id = orders.order_id
    left join {{ ref('stg_crm__products') }} as products on lines.product_id = products.product_id
)

select * from final
