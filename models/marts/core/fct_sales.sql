-- grain: one row per basis and sale line
{{ config(partition_by=by_month('sale_date')) }}
with final as (
    select
        sale_line_id,
        basis,
        is_revenue_basis,
        sale_id,
        has_line,
        is_first_line,
        is_first_sale,
        account_id,
        customer_id,
        product_id,
        opportunity_id,
        campaign_id,
        sold_at,
        sale_date,
        currency,
        exchange_rate,
        quantity,
        cast(original_sold_amount as {{ money_type() }}) as original_sold_amount,
        cast(original_gross_amount as {{ money_type() }}) as original_gross_amount,
        cast(original_discount_amount as {{ money_type() }}) as original_discount_amount,
        sold_amount,
        gross_amount,
        cast(discount_amount as {{ money_type() }}) as discount_amount,
        cost_amount,
        sold_amount is not null and cost_amount is not null as has_margin,
        exchange_rate is null as is_fx_missing
    from {{ ref('int_sale_lines') }}
)

select * from final
