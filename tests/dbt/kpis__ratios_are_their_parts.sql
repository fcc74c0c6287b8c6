-- Every ratio is its numerator over its denominator, and NULL when the denominator is 0 or NULL (KPIs §1, G6): a reader who adds up the parts of two
-- rows and divides gets the KPI of both. Checked by multiplication, for each column of a mart that is a ratio of the macro `ratios`.
{# Parts that a mart has under another name. #}
{% set marts = {
    'rep_daily_kpis': {
        'key': ['date_day', 'rep_id'],
        'names': {
            'attainment_rate_numerator': 'month_to_date_net_revenue', 'pace_rate_numerator': 'month_to_date_net_revenue', 'target': 'month_target',
        },
    },
    'team_monthly_kpis': {
        'key': ['month', 'team_id'],
        'names': {'attainment_rate_numerator': 'net_revenue', 'pace_rate_numerator': 'net_revenue'},
    },
    'mrr_monthly': {'key': ['month', "'company'"], 'names': {}},
    'product_monthly_kpis': {'key': ['month', 'product_id'], 'names': {}},
    'channel_monthly_kpis': {'key': ['month', 'channel'], 'names': {}},
    'segment_monthly_kpis': {'key': ['month', 'segment'], 'names': {}},
    'satisfaction_monthly_kpis': {'key': ['month', "dimension_name || ' ' || dimension_value"], 'names': {}},
    'campaign_monthly_kpis': {'key': ['month', 'campaign_id'], 'names': {'campaign_spend': 'spend'}},
    'company_monthly_kpis': {
        'key': ['month', "'company'"],
        'names': {'attainment_rate_numerator': 'net_revenue', 'pace_rate_numerator': 'net_revenue'},
    },
    'company_quarterly_kpis': {
        'key': ['quarter', "'company'"],
        'names': {'attainment_rate_numerator': 'net_revenue', 'pace_rate_numerator': 'net_revenue'},
    },
} %}

with compared as (
    {% for mart, parts in marts.items() %}
    {% set relation = ref(mart) %}
    {% set columns = adapter.get_columns_in_relation(relation) | map(attribute='name') | list if execute else [] %}
    {# No column is known before the first build, when linters compile this: one ratio stands for all. #}
    {% for name in ratios() if name in columns or (not columns and name == 'win_rate') %}
    {% set ratio = ratios()[name] %}
    select
        '{{ mart }}' as mart,
        {{ parts.key[0] }} as period_start,
        {{ parts.key[1] }} as entity_id,
        '{{ name }}' as ratio,
        cast({{ parts.names.get(ratio.numerator, ratio.numerator) }} as double) as numerator,
        cast({{ parts.names.get(ratio.denominator, ratio.denominator) }} as double) as denominator,
        {{ name }} as published
    from {{ relation }}
    union all
    {% endfor %}
    {% endfor %}
    select
        'cohort_retention' as mart,
        period_month as period_start,
        dimension_name || ' ' || dimension_value || ' ' || cast(cohort_month as {{ dbt.type_string() }}) as entity_id,
        'retention_rate' as ratio,
        cast(active_customers as double) as numerator,
        cast(cohort_size as double) as denominator,
        retention_rate as published
    from {{ ref('cohort_retention') }}
)

select
    mart,
    period_start,
    entity_id,
    ratio,
    numerator,
    denominator,
    published
from compared
where
    (published is null) <> (numerator is null or denominator is null or denominator = 0)
    or abs(published * denominator - numerator) > 0.000000001 * greatest(1, abs(numerator))
