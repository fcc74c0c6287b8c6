-- low <= value <= high wherever a KPI has an interval, and all three are known or none is (KPIs §1, G13).
{% set company_intervals = [
    'lead_conversion_rate', 'customer_retention_rate', 'customer_churn_rate', 'purchase_retention_rate', 'repeat_purchase_rate', 'csat', 'nps',
    'referral_rate',
] %}
{% set marts = [
    ('team_monthly_kpis', 'month', 'team_id', ['lead_conversion_rate', 'customer_retention_rate', 'customer_churn_rate', 'csat', 'nps']),
    ('cohort_retention', 'cohort_month', "dimension_name || ' ' || dimension_value", ['retention_rate']),
    ('channel_monthly_kpis', 'month', 'channel', ['lead_conversion_rate', 'customer_retention_rate', 'nps']),
    ('segment_monthly_kpis', 'month', 'segment', ['lead_conversion_rate', 'customer_retention_rate', 'nps']),
    ('satisfaction_monthly_kpis', 'month', "dimension_name || ' ' || dimension_value", ['nps', 'csat']),
    ('company_monthly_kpis', 'month', "'company'", company_intervals), ('company_quarterly_kpis', 'quarter', "'company'", company_intervals),
] %}

with intervals as (
    {% for mart, period, entity, kpis in marts %}{% set first_mart = loop.first %}{% for kpi in kpis %}
    {% if not (first_mart and loop.first) %}union all{% endif %}
    select
        '{{ mart }}' as mart,
        {{ period }} as period_start,
        {{ entity }} as entity_id,
        '{{ kpi }}' as kpi,
        {{ kpi }} as published,
        {{ kpi }}_low as low,
        {{ kpi }}_high as high,
        {{ -100 if kpi == 'nps' else 0 }} as least_possible,
        {{ 100 if kpi == 'nps' else 1 }} as most_possible
    from {{ ref(mart) }}
    {% endfor %}{% endfor %}
)

select
    mart,
    period_start,
    entity_id,
    kpi,
    low,
    published,
    high
from intervals
where
    low > published + 0.000000001
    or high < published - 0.000000001
    or low < least_possible
    or high > most_possible
    or (published is null) <> (low is null)
    or (published is null) <> (high is null)
