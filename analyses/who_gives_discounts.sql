-- Who gives which discounts, and on what, over the last twelve months? Reps and categories with their share of the company's discounts.
with as_of as (
    select max(date_day) as as_of_date from {{ ref('dim_dates') }}
    where is_elapsed
),

given as (
    select
        credits.rep_id,
        coalesce(products.category, 'unknown') as category,
        sum(credits.gross_amount) as gross_revenue,
        sum(credits.discount_amount) as discount_amount
    from {{ ref('fct_sale_credits') }} as credits
    cross join as_of
    left join {{ ref('dim_products') }} as products on credits.product_id = products.product_id
    where credits.is_revenue_basis and credits.sale_date > {{ add_months('as_of.as_of_date', -12) }}
    group by credits.rep_id, coalesce(products.category, 'unknown')
)

select
    given.rep_id,
    reps.rep_name,
    given.category,
    given.gross_revenue,
    given.discount_amount,
    {{ safe_divide('given.discount_amount', 'given.gross_revenue') }} as discount_rate,
    {{ safe_divide('given.discount_amount', 'sum(given.discount_amount) over ()') }} as share_of_all_discounts
from given
inner join {{ ref('dim_reps') }} as reps on given.rep_id = reps.rep_id
where given.gross_revenue > 0
order by given.discount_amount desc nulls last, given.rep_id asc, given.category asc
