-- Opening mrr + signed movements = closing mrr = the next month's opening, to the last decimal, per customer and for the company (KPIs §4, 5).
-- An amount that no exchange rate is known for counts 0 on both sides.
{# [mart, entity, period, months of the period] #}
{% set marts = [
    ('mrr_movements', 'customer_id', 'month', 1), ('mrr_monthly', "'company'", 'month', 1), ('company_monthly_kpis', "'company'", 'month', 1),
    ('company_quarterly_kpis', "'company'", 'quarter', 3),
] %}

with mrr_months as (
    {% for mart, entity, period, months in marts %}
    {% if not loop.first %}union all{% endif %}
    select
        '{{ mart }}' as mart,
        {{ entity }} as entity_id,
        {{ period }} as month,
        {{ add_months(period, months) }} as next_month,
        coalesce(opening_mrr, 0) as opening_mrr,
        {% for movement in mrr_movement_types() %}coalesce({{ movement }}_mrr, 0){% if not loop.last %} + {% endif %}{% endfor %} as movements,
        coalesce(mrr, 0) as closing_mrr
    from {{ ref(mart) }}
    {% endfor %}
),

calendar as (
    select
        min(month) as first_month,
        max(month) as last_month
    from {{ ref('dim_dates') }}
),

closings as (
    select
        mrr_months.mart,
        mrr_months.entity_id,
        mrr_months.next_month,
        mrr_months.closing_mrr
    from mrr_months
    inner join calendar on mrr_months.next_month <= calendar.last_month
),

openings as (
    select
        mrr_months.mart,
        mrr_months.entity_id,
        mrr_months.month,
        mrr_months.opening_mrr
    from mrr_months
    inner join calendar on mrr_months.month > calendar.first_month
)

select
    mart,
    entity_id,
    month,
    'closing' as side,
    opening_mrr + movements as expected,
    closing_mrr as published
from mrr_months
where opening_mrr + movements <> closing_mrr
union all
select
    coalesce(openings.mart, closings.mart) as mart,
    coalesce(openings.entity_id, closings.entity_id) as entity_id,
    coalesce(openings.month, closings.next_month) as month,
    'opening' as side,
    coalesce(closings.closing_mrr, 0) as expected,
    coalesce(openings.opening_mrr, 0) as published
from openings
full outer join closings
    on openings.mart = closings.mart and openings.entity_id = closings.entity_id and openings.month = closings.next_month
where coalesce(closings.closing_mrr, 0) <> coalesce(openings.opening_mrr, 0)
