-- Every column of a mart is a metric of dim_kpis, a part or flag of one, or a key or label (KPIs §4, 12): a reader can look up what each number means.
{% set keys_and_labels = [
    'date_day', 'month', 'quarter', 'year', 'rep_id', 'rep_name', 'team_id', 'team_name', 'region', 'cohort_month', 'dimension_name', 'dimension_value',
    'months_since_first_purchase', 'period_month', 'customer_id', 'was_live', 'campaign_id', 'campaign_name', 'channel', 'segment', 'product_id',
    'product_name', 'category', 'stage', 'customer_name', 'account_segment', 'first_purchase_date', 'last_purchase_date', 'recency_days',
    'rfm_recency', 'rfm_frequency', 'rfm_monetary', 'rfm_segment', 'needs_attention', 'attention_reason', 'latest_nps_score', 'step', 'numerator',
    'denominator', 'rate', 'peers', 'percentile', 'peer_median', 'trailing_rate', 'trend', 'flag', 'effect_amount',
    'metric', 'grain', 'entity_id', 'period_type', 'period_start', 'value', 'n', 'low', 'high', 'rank', 'quartile',
] %}
{% set other_names = {
    'month_target': 'target', 'month_to_date_net_revenue': 'net_revenue', 'net_revenue_rank': 'net_revenue', 'attainment_rank': 'attainment_rate',
    'cohort_size': 'retention_rate', 'active_customers': 'retention_rate', 'cumulative_margin_per_customer': 'clv_observed',
    'responses': 'response_rate', 'invitations': 'response_rate', 'customers_at_end': 'complaints_per_100_customers',
    'replied_reviews': 'median_reply_hours', 'returning_buyers': 'purchase_retention_rate', 'trailing_customers': 'clv_projected',
    'closing_pipeline': 'pipeline_coverage', 'returned_share': 'returned_amount', 'spend': 'campaign_spend',
} %}
{% set marts = [
    'rep_daily_kpis', 'team_monthly_kpis', 'cohort_retention', 'mrr_movements', 'mrr_monthly', 'campaign_monthly_kpis', 'product_monthly_kpis',
    'pipeline_daily', 'channel_monthly_kpis', 'segment_monthly_kpis', 'satisfaction_monthly_kpis', 'company_monthly_kpis',
    'company_quarterly_kpis', 'customer_kpis', 'rep_scorecards', 'kpi_values',
] %}

with columns_of_marts as (
    {% for mart in marts %}{% set first_mart = loop.first %}
    {% set relation = ref(mart) %}
    {% set columns = adapter.get_columns_in_relation(relation) | map(attribute='name') | list if execute else [] %}
    {# No column is known before the first build, when linters compile this. #}
    {% for column in columns or ['no_column'] if column not in keys_and_labels and not column.startswith('is_') %}
    {% if not (first_mart and loop.first) %}union all{% endif %}
    select
        '{{ mart }}' as mart,
        '{{ column }}' as column_name,
        '{{ other_names.get(column, column) }}' as metric
    {% endfor %}{% endfor %}
)

select
    columns_of_marts.mart,
    columns_of_marts.column_name
from columns_of_marts
left join {{ ref('dim_kpis') }} as kpis
    on
        columns_of_marts.metric = kpis.metric
        {% for suffix in ['_numerator', '_denominator', '_low', '_high', '_is_low_n', '_to_date'] %}
        or columns_of_marts.metric = kpis.metric || '{{ suffix }}'
        {% endfor %}
where kpis.metric is null
