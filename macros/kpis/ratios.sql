{#
  The ratios of the catalogue: ratio -> its numerator and denominator, columns of the same row. One definition for every mart and grain.
  `n`: the column that counts the cases (default: the denominator). `interval`: a proportion of people, with a 95 % Wilson interval.
#}
{% macro ratios() %}
    {{ return({
        'win_rate': {'numerator': 'opportunities_won', 'denominator': 'win_rate_denominator', 'n': 'win_rate_denominator'},
        'win_rate_value': {'numerator': 'won_amount', 'denominator': 'win_rate_value_denominator'},
        'call_connect_rate': {'numerator': 'connected_calls', 'denominator': 'calls', 'n': 'calls'},
        'average_call_minutes': {'numerator': 'average_call_minutes_numerator', 'denominator': 'average_call_minutes_denominator'},
        'average_meeting_minutes': {'numerator': 'average_meeting_minutes_numerator', 'denominator': 'average_meeting_minutes_denominator'},
        'gross_margin_rate': {'numerator': 'gross_margin', 'denominator': 'gross_margin_rate_denominator'},
        'average_basket': {'numerator': 'average_basket_numerator', 'denominator': 'basket_count'},
        'attainment_rate': {'numerator': 'attainment_rate_numerator', 'denominator': 'target'},
        'pace_rate': {'numerator': 'pace_rate_numerator', 'denominator': 'pace_rate_denominator'},
        'net_revenue_per_fte': {'numerator': 'net_revenue', 'denominator': 'fte'},
        'sales_per_fte': {'numerator': 'sales_count', 'denominator': 'fte'},
        'activities_per_fte': {'numerator': 'activities_per_fte_numerator', 'denominator': 'fte'},
        'lead_conversion_rate': {
            'numerator': 'lead_conversion_rate_numerator', 'denominator': 'lead_conversion_rate_denominator',
            'n': 'lead_conversion_rate_denominator', 'interval': true,
        },
        'customer_retention_rate': {'numerator': 'customers_retained', 'denominator': 'customer_retention_rate_denominator',
            'n': 'customer_retention_rate_denominator', 'interval': true},
        'customer_churn_rate': {'numerator': 'customer_churn_rate_numerator', 'denominator': 'customer_retention_rate_denominator',
            'n': 'customer_retention_rate_denominator', 'interval': true},
        'csat': {'numerator': 'csat_satisfied', 'denominator': 'csat_responses', 'n': 'csat_responses', 'interval': true},
        'nps': {'numerator': '100 * (promoters - detractors)', 'denominator': 'nps_responses', 'n': 'nps_responses'},
        'return_rate': {'numerator': 'return_rate_numerator', 'denominator': 'return_rate_denominator'},
        'visitor_conversion_rate': {'numerator': 'new_customers', 'denominator': 'visitors', 'n': 'visitors'},
        'purchase_retention_rate': {'numerator': 'returning_buyers', 'denominator': 'purchase_retention_rate_denominator',
            'n': 'purchase_retention_rate_denominator', 'interval': true},
        'response_rate': {'numerator': 'responses', 'denominator': 'invitations', 'n': 'invitations'},
        'complaints_per_100_customers': {'numerator': '100 * complaints', 'denominator': 'customers_at_end', 'n': 'customers_at_end'},
        'average_rating': {'numerator': 'average_rating_numerator', 'denominator': 'review_count', 'n': 'review_count'},
        'repeat_purchase_rate': {'numerator': 'repeat_purchase_rate_numerator', 'denominator': 'repeat_purchase_rate_denominator',
            'n': 'repeat_purchase_rate_denominator', 'interval': true},
        'referral_rate': {'numerator': 'referral_rate_numerator', 'denominator': 'referral_rate_denominator',
            'n': 'referral_rate_denominator', 'interval': true},
        'revenue_per_customer': {'numerator': 'revenue_per_customer_numerator', 'denominator': 'buyers'},
        'discount_rate': {'numerator': 'discount_amount', 'denominator': 'gross_revenue'},
        'cac': {'numerator': 'cac_numerator', 'denominator': 'new_customers'},
        'clv_observed': {'numerator': 'clv_observed_numerator', 'denominator': 'clv_observed_denominator'},
        'retention_rate': {'numerator': 'retention_rate_numerator', 'denominator': 'retention_rate_denominator',
            'n': 'retention_rate_denominator', 'interval': true},
        'revenue_retention_rate': {'numerator': 'revenue_retention_rate_numerator', 'denominator': 'revenue_retention_rate_denominator'},
        'average_age_days': {'numerator': 'average_age_days_numerator', 'denominator': 'average_age_days_denominator',
            'n': 'average_age_days_denominator'},
        'cac_paid': {'numerator': 'campaign_spend', 'denominator': 'new_customers'},
        'clv_projected': {'numerator': 'clv_projected_numerator', 'denominator': 'trailing_customers'},
        'clv_cac_ratio': {'numerator': 'clv_observed', 'denominator': 'cac'},
        'roi': {'numerator': 'roi_numerator', 'denominator': 'campaign_spend'},
        'roas': {'numerator': 'attributed_revenue', 'denominator': 'campaign_spend'},
        'cost_coverage_rate': {'numerator': 'gross_margin_rate_denominator', 'denominator': 'net_revenue'},
        'net_margin_rate': {'numerator': 'net_margin', 'denominator': 'net_revenue'},
        'pipeline_coverage': {'numerator': 'closing_pipeline', 'denominator': 'pipeline_coverage_denominator'},
        'nrr': {'numerator': 'nrr_numerator', 'denominator': 'opening_mrr'},
        'grr': {'numerator': 'grr_numerator', 'denominator': 'opening_mrr'},
        'period_conversion_rate': {'numerator': 'leads_converted', 'denominator': 'leads_created', 'n': 'leads_created'},
    }) }}
{% endmacro %}

{% macro ratio(name) -%}
{{ safe_divide(ratios()[name].numerator, ratios()[name].denominator) }}
{%- endmacro %}

{# `<ratio>_low`, `_high` and `_is_low_n` of the ratios that have a number of cases, after a mart's own columns. #}
{% macro ratio_precision(names) -%}
{% for name in names if 'n' in ratios()[name] -%}
    {%- set ratio = ratios()[name] -%}
    {%- if ratio.get('interval') -%}
cast({{ wilson_bound(ratio.numerator, ratio.n, -1) }} as double) as {{ name }}_low,
        cast({{ wilson_bound(ratio.numerator, ratio.n, 1) }} as double) as {{ name }}_high,
        {% endif -%}
{%- if name == 'nps' -%}
cast({{ nps_bound(-1) }} as double) as nps_low,
        cast({{ nps_bound(1) }} as double) as nps_high,
        {% endif -%}
{{ ratio.n }} < {{ var('low_n_threshold') }} as {{ name }}_is_low_n{% if not loop.last %},
        {% endif %}
{%- endfor %}
{%- endmacro %}

{# The names of the columns that `ratio_precision` makes. #}
{% macro precision_columns(names) %}
    {% set columns = [] %}
    {% for name in names if 'n' in ratios()[name] %}
        {% if ratios()[name].get('interval') or name == 'nps' %}{% do columns.extend([name ~ '_low', name ~ '_high']) %}{% endif %}
        {% do columns.append(name ~ '_is_low_n') %}
    {% endfor %}
    {{ return(columns) }}
{% endmacro %}

{# A bound (-1 low, 1 high) of the 95 % interval of the net promoter score, from promoters, detractors and nps_responses. #}
{% macro nps_bound(side) -%}
{%- set p = safe_divide('promoters', 'nps_responses') -%}
{%- set d = safe_divide('detractors', 'nps_responses') -%}
{%- set half = '196 * sqrt(greatest(' ~ p ~ ' + ' ~ d ~ ' - (' ~ p ~ ' - ' ~ d ~ ') * (' ~ p ~ ' - ' ~ d ~ '), 0) / nullif(cast(nps_responses as double), 0))' -%}
case when nps_responses > 0 then
    {% if side < 0 %}greatest(-100, 100 * ({{ p }} - {{ d }}) - {{ half }}){% else %}least(100, 100 * ({{ p }} - {{ d }}) + {{ half }}){% endif %}
end
{%- endmacro %}

{# Names of columns, one a line: for the long lists of marts. #}
{% macro column_list(names, relation=none) -%}
{% for name in names %}{{ relation ~ '.' if relation }}{{ name }}{% if not loop.last %},
        {% endif %}{% endfor %}
{%- endmacro %}
