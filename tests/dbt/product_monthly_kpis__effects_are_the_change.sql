-- Price + volume + mix + currency effect = the change of net revenue since the month before, to the last decimal, per product (KPIs §4, 8). They are known in
-- every complete month with an earlier one in the calendar, and NULL in the others.
with compared as (
    select
        products.month,
        products.product_id,
        products.price_effect,
        products.volume_effect,
        products.mix_effect,
        products.fx_effect,
        kpis.is_available and periods.is_complete_period and earlier.product_id is not null as is_known,
        coalesce(products.net_revenue, 0) - coalesce(earlier.net_revenue, 0) as revenue_change
    from {{ ref('product_monthly_kpis') }} as products
    inner join {{ ref('dim_periods') }} as periods on periods.period_type = 'month' and products.month = periods.period_start
    inner join {{ ref('dim_kpis') }} as kpis on kpis.metric = 'price_effect'
    left join {{ ref('product_monthly_kpis') }} as earlier
        on products.product_id = earlier.product_id and earlier.month = {{ add_months('products.month', -1) }}
)

select
    month,
    product_id,
    is_known,
    revenue_change,
    price_effect,
    volume_effect,
    mix_effect,
    fx_effect
from compared
where
    is_known and price_effect + volume_effect + mix_effect + fx_effect is distinct from revenue_change
    or not is_known and coalesce(price_effect, volume_effect, mix_effect, fx_effect) is not null
