-- grain: one row per product and month, `unknown` included
with final as (
    select
        sums.period_start as month,
        sums.product_id,
        coalesce(products.product_name, sums.product_id) as product_name,
        products.category,
        sums.units_sold,
        sums.gross_revenue,
        sums.discount_amount,
        sums.returned_amount,
        sums.net_revenue,
        sums.cost_of_goods,
        sums.gross_margin,
        {{ ratio('gross_margin_rate') }} as gross_margin_rate,
        {{ ratio('return_rate') }} as return_rate,
        sums.price_effect,
        sums.volume_effect,
        sums.mix_effect,
        sums.fx_effect,
        sums.sold_amount,
        sums.returned_units,
        sums.gross_margin_rate_denominator,
        sums.return_rate_numerator,
        sums.return_rate_denominator
    from {{ ref('agg_products') }} as sums
    left join {{ ref('dim_products') }} as products on sums.product_id = products.product_id
    where sums.period_type = 'month'
)

select * from final
