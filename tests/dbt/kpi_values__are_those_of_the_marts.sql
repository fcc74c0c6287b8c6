-- kpi_values and the marts of a period say the same of every metric (KPIs §4, 12).
-- If not, a dashboard on the one contradicts a dashboard on the other.
{% set marts = {
    'team_monthly_kpis': ('team', 'month', 'month', 'team_id'), 'company_monthly_kpis': ('company', 'month', 'month', "'company'"),
    'company_quarterly_kpis': ('company', 'quarter', 'quarter', "'company'"),
} %}

with marts as (
    {% for mart, (grain, period_type, period, entity) in marts.items() %}{% set first_mart = loop.first %}
    {% set columns = adapter.get_columns_in_relation(ref(mart)) | map(attribute='name') | list if execute else [] %}
    {% set metrics = columns | select('in', period_metrics() + ['net_revenue_growth_mom', 'net_revenue_growth_qoq']) | list %}
    {# No column is known before the first build, when linters compile this. #}
    {% for metric in metrics or ['net_revenue'] %}
    {% if not (first_mart and loop.first) %}union all{% endif %}
    select
        '{{ metric }}' as metric,
        '{{ grain }}' as grain,
        {{ entity }} as entity_id,
        '{{ period_type }}' as period_type,
        {{ period }} as period_start,
        cast({{ metric }} as double) as value
    from {{ ref(mart) }}
    {% endfor %}
    {% endfor %}
)

select
    marts.metric,
    marts.grain,
    marts.entity_id,
    marts.period_start,
    marts.value as mart_value,
    tidy.value as tidy_value
from marts
left join {{ ref('kpi_values') }} as tidy
    on
        marts.metric = tidy.metric
        and marts.grain = tidy.grain
        and marts.entity_id = tidy.entity_id
        and marts.period_type = tidy.period_type
        and marts.period_start = tidy.period_start
where tidy.metric is null or marts.value is distinct from tidy.value
