{#
  How the contributions of rows make the value of a metric: what each of its parts adds up, and from which source.
  The formulas of ratios are those of ratios(), the signs of revenue and margin those of kpi_terms().
#}

{# The parts of a metric's value: `value`, or `numerator` and `denominator`, each a mapping of contributions to their factor. #}
{% macro explanation_of(metric) %}
    {% set named = {
        'net_revenue_growth_mom': {'numerator': 'change_of_revenue', 'denominator': 'previous_revenue'},
        'net_revenue_growth_qoq': {'numerator': 'change_of_revenue', 'denominator': 'previous_revenue'},
        'net_revenue_growth_yoy': {'numerator': 'change_of_revenue_in_a_year', 'denominator': 'year_earlier_revenue'},
        'seasonality_index': {'numerator': 'season_revenue', 'denominator': 'twelve_months_revenue'},
    } %}
    {% set targeted = modules.re.match('^(.+)_(target|attainment_rate|pace_rate)$', metric) %}
    {% set parts = {} %}
    {% if targeted and targeted.group(2) == 'target' %}
        {% do parts.update({'value': {'target': 1}}) %}
    {% elif targeted %}
        {% set aim = {'attainment_rate': 'target', 'pace_rate': 'due_target'}[targeted.group(2)] %}
        {% do parts.update({'numerator': boussole.terms_of(targeted.group(1)), 'denominator': {aim: 1}}) %}
    {% elif metric in named or metric in boussole.ratios() %}
        {% set ratio = named.get(metric) or boussole.ratios()[metric] %}
        {% do parts.update({'numerator': boussole.terms_of(ratio.numerator), 'denominator': boussole.terms_of(ratio.denominator)}) %}
    {% else %}
        {% do parts.update({'value': boussole.terms_of(metric)}) %}
    {% endif %}
    {# the metric whose targets are meant, and whether the value is the middle of the rows instead of their sum #}
    {% set aimed_at = targeted.group(1) if targeted else 'net_revenue' %}
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
