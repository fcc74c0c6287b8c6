-- The credit shares of each line of a sale add up to exactly 1, and a sale counts once, whatever its lines and reps (KPIs §4, 9).
with lines as (
    select
        sale_line_id,
        basis,
        min(sale_id) as sale_id,
        sum(credit_share) as sum_of_shares
    from {{ ref('fct_sale_credits') }}
    group by sale_line_id, basis
),

sale_counts as (
    select
        sale_id,
        basis,
        sum(sale_share) as sales_counted,
        sum(basket_share) as baskets_counted,
        sum(first_sale_share) as first_sales_counted
    from {{ ref('fct_sale_credits') }}
    group by sale_id, basis
),

sales as (
    select
        sale_id,
        basis,
        case when sum(sold_amount) > 0 then 1 else 0 end as baskets,
        max(case when is_first_sale then 1 else 0 end) as first_sales
    from {{ ref('fct_sales') }}
    group by sale_id, basis
)

select
    basis,
    sale_id,
    sale_line_id,
    'credit_share' as share,
    sum_of_shares as credited,
    1 as expected
from lines
where sum_of_shares <> 1

{% for share, credited, expected in [
    ('sale_share', 'sales_counted', '1'), ('basket_share', 'baskets_counted', 'sales.baskets'), ('first_sale_share', 'first_sales_counted', 'sales.first_sales'),
] %}
union all
select
    sales.basis,
    sales.sale_id,
    cast(null as {{ dbt.type_string() }}) as sale_line_id,
    '{{ share }}' as share,
    sale_counts.{{ credited }} as credited,
    {{ expected }} as expected
from sales
left join sale_counts on sales.sale_id = sale_counts.sale_id and sales.basis = sale_counts.basis
where coalesce(sale_counts.{{ credited }}, -1) <> {{ expected }}
{% endfor %}
