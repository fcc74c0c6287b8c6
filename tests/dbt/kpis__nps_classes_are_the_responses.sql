-- Promoters + passives + detractors = responses, in every row of every mart that has them, and the four are known together (KPIs §4, 4).
{% set marts = [
    ('team_monthly_kpis', 'month', 'team_id'), ('channel_monthly_kpis', 'month', 'channel'), ('segment_monthly_kpis', 'month', 'segment'),
    ('satisfaction_monthly_kpis', 'month', "dimension_name || ' ' || dimension_value"), ('company_monthly_kpis', 'month', "'company'"),
    ('company_quarterly_kpis', 'quarter', "'company'"),
] %}

{% for mart, period, entity in marts %}
{% if not loop.first %}union all{% endif %}
select
    '{{ mart }}' as mart,
    {{ period }} as period_start,
    {{ entity }} as entity_id,
    promoters,
    passives,
    detractors,
    nps_responses
from {{ ref(mart) }}
where
    promoters + passives + detractors <> nps_responses
    or (nps_responses is null) <> (promoters is null)
    or (nps_responses is null) <> (passives is null)
    or (nps_responses is null) <> (detractors is null)
{% endfor %}
