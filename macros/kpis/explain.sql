{#
  The rows behind values of a metric, which add up to them. `asked` is a select of grain, entity_id, period_type and period_start, so that one
  statement explains one value or many. A row has a `part` of the value (`value`, or the `numerator` and `denominator` of a ratio), its source and
  key there, date, rep, team, share (of credit), and what it adds to that part.
#}
{% macro explain(metric, asked) -%}
with {{ contributed_rows(metric, asked) }}

select
    {{ column_list(explained_columns()) | replace('        ', '    ') }}
from contributed
where amount {{ 'is not null' if explanation_of(metric).is_median else '<> 0' }}
order by grain, entity_id, period_start, part, row_date, source, row_key, rep_id, team_id
{%- endmacro %}

{% macro explained_columns() %}
    {{ return(['grain', 'entity_id', 'period_type', 'period_start', 'part', 'source', 'row_key', 'row_date', 'rep_id', 'team_id', 'share', 'amount']) }}
{% endmacro %}

{# One value to be explained. #}
{% macro asked_value(grain, entity, period_type, period_start) -%}
select
    {{ sql_text(grain) }} as grain,
    {{ sql_text(entity) }} as entity_id,
    {{ sql_text(period_type) }} as period_type,
    {{ date_literal(period_start) }} as period_start
{%- endmacro %}

{# The parts of a metric's value: `value`, or `numerator` and `denominator`, each a mapping of contributions to their factor. #}
{% macro explanation_of(metric) %}
    {% set named = {
        'net_revenue_growth_mom': {'numerator': 'change_of_revenue', 'denominator': 'previous_revenue'},
        'net_revenue_growth_qoq': {'numerator': 'change_of_revenue', 'denominator': 'previous_revenue'},
        'net_revenue_growth_yoy': {'numerator': 'change_of_revenue_in_a_year', 'denominator': 'year_earlier_revenue'},
        'seasonality_index': {'numerator': 'season_revenue', 'denominator': 'twelve_months_revenue'},
    } %}
    {% set parts = {} %}
    {% set suffix = ['_target', '_attainment_rate', '_pace_rate'] | select('in', metric) | first if metric not in boussole.ratios() else none %}
    {% set aimed_at = (metric | replace(suffix, '')) if suffix and metric.endswith(suffix) else 'net_revenue' %}
    {% if aimed_at != 'net_revenue' %}
        {% if suffix == '_target' %}{% do parts.update({'value': {'target': 1}}) %}
        {% else %}
            {% do parts.update({'numerator': boussole.terms_of(aimed_at), 'denominator': {'target' if suffix == '_attainment_rate' else 'due_target': 1}}) %}
        {% endif %}
    {% elif metric in named or metric in boussole.ratios() %}
        {% set ratio = named[metric] if metric in named else boussole.ratios()[metric] %}
        {% do parts.update({'numerator': boussole.terms_of(ratio.numerator), 'denominator': boussole.terms_of(ratio.denominator)}) %}
    {% else %}
        {% do parts.update({'value': boussole.terms_of(metric)}) %}
    {% endif %}
    {{ return({'parts': parts, 'aimed_at': aimed_at, 'is_median': metric.startswith('median_')}) }}
{% endmacro %}

{# The contributions that a column of agg_kpis adds up -> their factor. #}
{% macro terms_of(column) %}
    {% set revenue = boussole.kpi_terms()['net_revenue'] %}
    {% set margin = boussole.kpi_terms()['gross_margin'] %}
    {% set minus_costs = {'operating_costs': -1, 'campaign_spend': -1} %}
    {% set per_minute = 'cast(1 as double) / 60 *' %}
    {% set terms = {
        'win_rate_denominator': {'opportunities_won': 1, 'opportunities_lost': 1},
        'win_rate_value_denominator': {'won_amount': 1, 'lost_amount': 1},
        'lead_conversion_rate_numerator': {'leads_converted_in_time': 1},
        'lead_conversion_rate_denominator': {'leads_created': 1},
        'average_call_minutes_numerator': {'timed_call_seconds': per_minute},
        'average_meeting_minutes_numerator': {'timed_meeting_seconds': per_minute},
        'activities_per_fte_numerator': {'activities': 1},
        'attainment_rate_numerator': revenue,
        'pace_rate_numerator': revenue,
        'pace_rate_denominator': {'due_target': 1},
        'pipeline_coverage_denominator': {'target': 1, 'sold_amount': -1, 'returned_amount': 1},
        'customer_retention_rate_denominator': {'customers_at_start': 1},
        'customer_churn_rate_numerator': {'customers_at_start': 1, 'customers_retained': -1},
        'purchase_retention_rate_denominator': {'previous_buyers': 1},
        'revenue_per_customer_numerator': {'identified_sold_amount': 1, 'identified_returned_amount': -1},
        '100 * complaints': {'complaints': 100},
        '100 * (promoters - detractors)': {'promoters': 100, 'detractors': -100},
        'total_costs': {'operating_costs': 1, 'campaign_spend': 1},
        'marketing_costs': {'operating_marketing_costs': 1, 'campaign_spend': 1},
        'variable_costs': {'operating_variable_costs': 1, 'campaign_spend': 1},
        'cac_numerator': {'sales_costs': 1, 'operating_marketing_costs': 1, 'campaign_spend': 1},
        'net_margin': dict(margin, **minus_costs),
        'roi_numerator': {'attributed_margin': 1, 'campaign_spend': -1},
        'arr': {'mrr': 12},
        'nrr_numerator': {'opening_mrr': 1, 'kept_expansion_mrr': 1, 'kept_contraction_mrr': 1, 'kept_churned_mrr': 1},
        'grr_numerator': {'opening_mrr': 1, 'kept_contraction_mrr': 1, 'kept_churned_mrr': 1},
        'clv_observed_numerator': {'cohort_margin': 1},
        'clv_observed_denominator': {'cohort_size': 1},
        'clv_projected_numerator': {'lifetime_margin': 1},
        'retention_rate_numerator': {'cohort_active': 1},
        'retention_rate_denominator': {'cohort_size': 1},
        'revenue_retention_rate_numerator': {'cohort_revenue': 1},
        'revenue_retention_rate_denominator': {'cohort_first_revenue': 1},
    } %}
    {{ return(terms.get(column) or boussole.kpi_terms().get(column) or {column: 1}) }}
{% endmacro %}

{# source -> its contributions, of reps by day and of periods. #}
{% macro contributions() %}{{ return(dict(boussole.credited_contributions(), **boussole.period_contributions())) }}{% endmacro %}

{# Each source of each part of a value: [part, source, what a row of it adds]. #}
{% macro contributing_sources(metric) %}
    {% set sources = boussole.contributions() %}
    {% set found = [] %}
    {% for part, terms in boussole.explanation_of(metric).parts.items() %}
        {% set added = {} %}
        {% for term, factor in terms.items() %}
            {% set owners = [] %}
            {% for name, rows in sources.items() if term in rows.parts %}{% do owners.append(name) %}{% endfor %}
            {% if owners | length != 1 %}{% do stop("no single source adds up '" ~ term ~ "' of the metric " ~ metric ~ ".") %}{% endif %}
            {% set expression = '(' ~ sources[owners[0]].parts[term] ~ ')' %}
            {% set expression = expression if factor == 1 else factor ~ ' ' ~ expression if factor is string else factor ~ ' * ' ~ expression %}
            {% do added.update({owners[0]: added.get(owners[0], []) + [expression]}) %}
        {% endfor %}
        {% for source, expressions in added.items() %}{% do found.append([part, source, expressions | join(' + ')]) %}{% endfor %}
    {% endfor %}
    {{ return(found) }}
{% endmacro %}

{#
  The CTEs `periods`, those asked for, and `contributed`, every row of theirs with what it adds: NULL where that is not known. With `left_out` also
  the rows that a source leaves out, with the `reason`.
#}
{% macro contributed_rows(metric, asked, left_out=false) -%}
{%- set selects = [] -%}
{%- for part, source, added in contributing_sources(metric) -%}
    {%- set rows = contributions()[source] -%}
    {%- do selects.append(matched_rows(metric, part, rows, added, rows.where or 'true')) -%}
    {%- if left_out -%}
        {%- for reason, condition in rows.get('left_out', {}).items() -%}
            {%- do selects.append(matched_rows(metric, part, rows, 'cast(null as ' ~ amount_type() ~ ')', condition, reason)) -%}
        {%- endfor -%}
    {%- endif -%}
{%- endfor -%}
periods as (
    select
        entities.grain,
        entities.entity_id,
        entities.period_type,
        entities.period_start,
        entities.period_end,
        entities.previous_period_start,
        entities.year_earlier_period_start,
        entities.elapsed_days,
        entities.working_days,
        entities.elapsed_working_days,
        ends.counted_from,
        ends.measured_on,
        ends.evening_before,
        earlier.counted_from as previous_counted_from
    from (
        {{ asked | indent(8) }}
    ) as asked
    inner join {{ ref('dim_entity_periods') }} as entities
        on {{ same_entity_period('asked', 'entities') }}
    inner join {{ ref('dim_periods') }} as ends on entities.period_type = ends.period_type and entities.period_start = ends.period_start
    left join {{ ref('dim_periods') }} as earlier
        on entities.period_type = earlier.period_type and entities.previous_period_start = earlier.period_start
),

matched as (
    {{ selects | join('\nunion all\n') | indent }}
),

contributed as (
    select matched.*
    from matched
    where is_own or grain = 'company' or (grain = 'team' and team_id = entity_id) or (grain = 'rep' and rep_id = entity_id)
)
{%- endmacro %}

{# Wide enough for money and for shares of it. #}
{% macro amount_type() %}decimal(38, 12){% endmacro %}

{# The rows of one source that belong to the periods. #}
{% macro matched_rows(metric, part, rows, added, condition, reason=none) -%}
{%- set once = rows.get('once', false) -%}
{%- set text = dbt.type_string() -%}
select
    periods.grain,
    periods.entity_id,
    periods.period_type,
    periods.period_start,
    '{{ part }}' as part,
    '{{ rows.fact }}' as source,
    cast({{ rows.key }} as {{ text }}) as row_key,
    {% for name, type in [('day', 'date'), ('rep', text), ('team', text)] -%}
    {%- set column = {'day': 'row_date'}.get(name, name ~ '_id') -%}
    cast({{ 'max(' ~ rows[name] ~ ')' if once and name in rows else rows.get(name, 'null') }} as {{ type }}) as {{ column }},
    {% endfor -%}
    cast({{ rows.get('share', 1) }} as {{ credit_type() }}) as share,
    cast({{ added }} as {{ amount_type() }}) as amount,
    {{ 'cast(null as ' ~ text ~ ')' if reason is none else "'" ~ reason ~ "'" }} as reason,
    {{ 'true' if rows.get('own') else 'false' }} as is_own
from periods
inner join {% if 'rows' in rows %}(
    {{ (target_rows(explanation_of(metric).aimed_at) if rows.rows == 'target_rows' else context[rows.rows]()) | indent }}
){% else %}{{ ref(rows.fact) }}{% endif %} as facts
    on {{ rows.get('counts') or in_period('periods', rows.day) }}
where {{ condition }}
{%- if once %}
group by periods.grain, periods.entity_id, periods.period_type, periods.period_start, {{ rows.key }}
{%- endif %}
{%- endmacro %}
