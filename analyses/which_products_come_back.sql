-- Which products come back most, over the last twelve months whose return window has passed, and what do they cost?
with months as (
    select
        month,
        dense_rank() over (order by month desc) as months_ago
    from {{ ref('product_monthly_kpis') }}
    where return_rate_denominator is not null
    group by month
)

select
    products.product_id,
    products.product_name,
    products.category,
    sum(products.return_rate_numerator) as units_returned_in_time,
    sum(products.return_rate_denominator) as units_sold,
    {{ safe_divide('sum(products.return_rate_numerator)', 'sum(products.return_rate_denominator)') }} as return_rate,
    sum(products.returned_amount) as returned_amount
from {{ ref('product_monthly_kpis') }} as products
inner join months on products.month = months.month and months.months_ago <= 12
group by products.product_id, products.product_name, products.category
having sum(products.return_rate_denominator) > 0
order by return_rate desc nulls last, products.product_id asc
