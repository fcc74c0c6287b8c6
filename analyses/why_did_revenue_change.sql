-- Why did net revenue change in the latest complete month? Its effects by product, the largest changes first; they add up to the change.
with latest as (
    select max(month) as month from {{ ref('company_monthly_kpis') }}
    where is_complete_period
)

select
    products.product_id,
    products.product_name,
    products.net_revenue,
    products.volume_effect + products.price_effect + products.mix_effect + products.fx_effect as change_of_net_revenue,
    products.volume_effect,
    products.price_effect,
    products.mix_effect,
    products.fx_effect
from {{ ref('product_monthly_kpis') }} as products
inner join latest on products.month = latest.month
where products.volume_effect + products.price_effect + products.mix_effect + products.fx_effect <> 0
order by abs(products.volume_effect + products.price_effect + products.mix_effect + products.fx_effect) desc, products.product_id asc
