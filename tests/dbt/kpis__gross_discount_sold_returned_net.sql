-- gross - discount = sold, and sold - returned = net, in every row of a mart that has the five amounts (KPIs §4, 11); a NULL term counts 0.
{% set marts = [
    ('rep_daily_kpis', 'date_day', 'rep_id'), ('team_monthly_kpis', 'month', 'team_id'), ('product_monthly_kpis', 'month', 'product_id'),
    ('company_monthly_kpis', 'month', "'company'"), ('company_quarterly_kpis', 'quarter', "'company'"),
] %}

{% for mart, period, entity in marts %}
{% if not loop.first %}union all{% endif %}
select
    '{{ mart }}' as mart,
    {{ period }} as period_start,
    {{ entity }} as entity_id,
    gross_revenue,
    discount_amount,
    sold_amount,
    returned_amount,
    net_revenue
from {{ ref(mart) }}
where
    coalesce(gross_revenue, 0) - coalesce(discount_amount, 0) <> coalesce(sold_amount, 0)
    or coalesce(sold_amount, 0) - coalesce(returned_amount, 0) <> coalesce(net_revenue, 0)
{% endfor %}
