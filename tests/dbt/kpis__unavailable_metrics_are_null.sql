-- A KPI of which a needed table was not supplied is NULL in every row of every mart, with its interval: unknown is not 0 (KPIs §1, G7).
{# Metrics that a mart has under another name. #}
{% set metrics = {'month_target': 'target', 'month_to_date_net_revenue': 'net_revenue', 'active_customers': 'retention_rate',
    'cumulative_margin_per_customer': 'gross_margin', 'net_revenue_rank': 'net_revenue', 'attainment_rank': 'attainment_rate',
    'responses': 'csat', 'invitations': 'response_rate', 'customers_at_end': 'customers_at_start', 'replied_reviews': 'average_rating', 'spend': 'campaign_spend'} %}
{% set marts = [
    'rep_daily_kpis', 'team_monthly_kpis', 'cohort_retention', 'mrr_movements', 'mrr_monthly', 'campaign_monthly_kpis', 'product_monthly_kpis',
    'pipeline_daily', 'channel_monthly_kpis', 'segment_monthly_kpis', 'satisfaction_monthly_kpis', 'company_monthly_kpis',
    'company_quarterly_kpis', 'customer_kpis', 'rep_scorecards', 'kpi_values',
] %}

-- each mart is read once: an engine would read it again for each column
with {% for mart in marts %}
{# No column is known before the first build, when linters compile this. #}
{% set relation = ref(mart) %}
{% set columns = (adapter.get_columns_in_relation(relation) | map(attribute='name') | list if execute else []) or ['no_column'] %}
known_{{ mart }} as (
    select
        {% for column in columns %}count({{ column }}) as {{ column }},
        {% endfor %}
        count(*) as mart_rows
    from {{ relation }}
),

columns_of_{{ mart }} as (
    {% for column in columns %}
    {% if not loop.first %}union all{% endif %}
    select
        '{{ column }}' as column_name,
        '{{ metrics.get(column, column) }}' as metric
    {% endfor %}
),

counts_of_{{ mart }} as (
    select
        '{{ mart }}' as mart,
        named.column_name,
        named.metric,
        case named.column_name {% for column in columns %}when '{{ column }}' then known.{{ column }} {% endfor %}end as known_rows,
        known.mart_rows
    from known_{{ mart }} as known
    cross join columns_of_{{ mart }} as named
),

{% endfor %}
counted as (
    {% for mart in marts %}
    {% if not loop.first %}union all{% endif %}
    select * from counts_of_{{ mart }}
    {% endfor %}
)

select
    counted.mart,
    counted.column_name,
    kpis.metric,
    kpis.missing_table,
    counted.known_rows,
    counted.mart_rows
from counted
inner join {{ ref('dim_kpis') }} as kpis
    on counted.metric in (kpis.metric, kpis.metric || '_low', kpis.metric || '_high', kpis.metric || '_to_date')
where not kpis.is_available and counted.known_rows > 0
