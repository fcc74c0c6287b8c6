-- What the reps of a sale line are credited with adds up to the line, to the last decimal, in money, units and cost (KPIs §4, 9).
{% set amounts = ['quantity', 'gross_amount', 'discount_amount', 'sold_amount', 'cost_amount'] %}

with credits as (
    select
        sale_line_id,
        basis{% for amount in amounts %},
        sum({{ amount }}) as {{ amount }}{% endfor %}

    from {{ ref('fct_sale_credits') }}
    group by sale_line_id, basis
)

{% for amount in amounts %}
{% if not loop.first %}union all{% endif %}
select
    coalesce(sales.basis, credits.basis) as basis,
    coalesce(sales.sale_line_id, credits.sale_line_id) as sale_line_id,
    '{{ amount }}' as amount,
    sales.{{ amount }} as of_the_sale,
    credits.{{ amount }} as credited
from {{ ref('fct_sales') }} as sales
full outer join credits on sales.sale_line_id = credits.sale_line_id and sales.basis = credits.basis
where
    sales.sale_line_id is null
    or credits.sale_line_id is null
    or sales.{{ amount }} is distinct from credits.{{ amount }}
{% endfor %}
