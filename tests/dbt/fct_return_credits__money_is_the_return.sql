-- What the reps of a returned line are charged adds up to the return, in money and in cost: a return takes from reps what it takes from the company.
{% set amounts = ['returned_amount', 'returned_cost_amount'] %}

with credits as (
    select
        return_id,
        sale_line_id{% for amount in amounts %},
        sum({{ amount }}) as {{ amount }}{% endfor %}

    from {{ ref('fct_return_credits') }}
    group by return_id, sale_line_id
)

{% for amount in amounts %}
{% if not loop.first %}union all{% endif %}
select
    coalesce(returns.return_id, credits.return_id) as return_id,
    coalesce(returns.sale_line_id, credits.sale_line_id) as sale_line_id,
    '{{ amount }}' as amount,
    returns.{{ amount }} as of_the_return,
    credits.{{ amount }} as credited
from {{ ref('fct_returns') }} as returns
full outer join credits on returns.return_id = credits.return_id and returns.sale_line_id = credits.sale_line_id
where
    returns.return_id is null
    or credits.return_id is null
    or returns.{{ amount }} is distinct from credits.{{ amount }}
{% endfor %}
