-- Which sales, deals and refunds have no amount in the reporting currency for want of a rate, by currency and month? They are in no sum.
{% set facts = {'fct_sales': 'sale_date', 'fct_opportunities': 'coalesce(close_date, created_date)', 'fct_returns': 'returned_date'} %}

with missing as (
    {% for fact, day in facts.items() %}
    {% if not loop.first %}union all{% endif %}
    select
        '{{ fact }}' as fact,
        currency,
        {{ month_of(day) }} as month
    from {{ ref(fact) }}
    where is_fx_missing
    {% endfor %}
)

select
    fact,
    currency,
    month,
    count(*) as rows_without_rate
from missing
group by fact, currency, month
order by month asc, fact asc, currency asc
