-- The customers of a month add up to the month of the company, in the amounts and in the number of live customers, and the company's mart says the same
-- (KPIs §4, 5). What is unknown counts 0 in the sums.
{% set amounts = ['opening_mrr'] %}
{% for movement in mrr_movement_types() %}{% do amounts.append(movement ~ '_mrr') %}{% endfor %}
{% do amounts.append('mrr') %}

with customers as (
    select
        month{% for amount in amounts %},
        sum({{ amount }}) as {{ amount }}{% endfor %},
        sum(case when is_live then 1 else 0 end) as customers
    from {{ ref('mrr_movements') }}
    group by month
),

compared as (
    {% for mart in ['mrr_monthly', 'company_monthly_kpis'] %}{% set first_mart = loop.first %}{% for amount in amounts + ['customers'] %}
    {% if not (first_mart and loop.first) %}union all{% endif %}
    select
        '{{ mart }}' as mart,
        coalesce(months.month, customers.month) as month,
        '{{ amount }}' as amount,
        months.month is not null as is_in_mart,
        coalesce(months.{{ amount }}, 0) as published,
        coalesce(customers.{{ amount }}, 0) as sum_of_customers
    from {{ ref(mart) }} as months
    full outer join customers on months.month = customers.month
    {% endfor %}{% endfor %}
)

select
    mart,
    month,
    amount,
    published,
    sum_of_customers
from compared
where not is_in_mart or published <> sum_of_customers
