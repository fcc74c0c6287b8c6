-- Every `mart.column` that dim_kpis names is there, each metric names at least one, and none of the columns that bear its name is left out: whoever reads
-- what a metric means finds where it is shown.
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
    {% for column in columns or ['no_column'] %}
    {% if not (first_mart and loop.first) %}union all{% endif %}
    select
        '{{ mart }}.{{ column }}' as mart_column,
        '{{ column }}' as column_name
    {% endfor %}{% endfor %}
),

-- a blank on either side of each name, so that no name is found in a longer one
named as (
    select
        metric,
        ' ' || coalesce(marts, '') || ' ' as marts,
        length(coalesce(marts, '')) - length(replace(coalesce(marts, ''), ' ', '')) + 1 as names
    from {{ ref('dim_kpis') }}
),

compared as (
    select
        named.metric,
        named.marts,
        named.names,
        columns_of_marts.column_name,
        replace(named.marts, ' ' || columns_of_marts.mart_column || ' ', '') <> named.marts as is_named
    from named
    cross join columns_of_marts
)

select
    metric,
    marts,
    names,
    sum(case when is_named then 1 else 0 end) as columns_found,
    sum(case when column_name = metric and not is_named then 1 else 0 end) as columns_left_out
from compared
group by metric, marts, names
having names <> sum(case when is_named then 1 else 0 end) or sum(case when column_name = metric and not is_named then 1 else 0 end) > 0
