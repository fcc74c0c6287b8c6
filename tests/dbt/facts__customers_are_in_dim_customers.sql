-- An event of a merged account belongs to its survivor: every customer of a fact is in dim_customers, or its revenue is nobody's.
{% set facts = [
    'fct_sales', 'fct_sale_credits', 'fct_returns', 'fct_return_credits', 'fct_leads', 'fct_opportunities', 'fct_activities', 'fct_survey_responses',
    'fct_tickets', 'fct_active_customers',
] %}

with mentioned as (
    {% for fact in facts %}
    {% if not loop.first %}union all{% endif %}
    select
        '{{ fact }}' as fact,
        customer_id,
        count(*) as fact_rows
    from {{ ref(fact) }}
    where customer_id is not null
    group by customer_id
    {% endfor %}
)

select
    mentioned.fact,
    mentioned.customer_id,
    mentioned.fact_rows
from mentioned
left join {{ ref('dim_customers') }} as customers on mentioned.customer_id = customers.customer_id
where customers.customer_id is null
