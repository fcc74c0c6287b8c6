{# The mart of the company by period: one layout for months and quarters. #}
{% macro company_kpis(period) -%}
with final as (
    select
        period_start as {{ period }},
        is_complete_period,
        {% for kpi in kpi_columns() if period == 'month' or kpi not in ['seasonality_index', 'is_peak'] %}
        {{ kpi }}{{ ' as ' ~ named_growth(kpi, period) if named_growth(kpi, period) != kpi }},
        {% endfor %}
        {{ column_list(precision_columns(period_ratios())) }}
    from {{ ref('agg_kpis') }}
    where grain = 'company' and period_type = '{{ period }}'
)

select * from final
{%- endmacro %}

{# Growth against the period before is called after the period: mom of a month, qoq of a quarter. #}
{% macro named_growth(kpi, period) %}
    {{ return(kpi | replace('net_revenue_growth', 'net_revenue_growth_' ~ {'month': 'mom', 'quarter': 'qoq'}[period])
        if kpi in ['net_revenue_growth', 'net_revenue_growth_to_date'] else kpi) }}
{% endmacro %}

{# The ratios of agg_kpis, in the order of KPIs §2. #}
{% macro period_ratios() %}
    {{ return([
        'lead_conversion_rate', 'period_conversion_rate', 'visitor_conversion_rate', 'win_rate', 'win_rate_value', 'call_connect_rate',
        'average_call_minutes', 'average_meeting_minutes', 'attainment_rate', 'pace_rate', 'net_revenue_per_fte', 'sales_per_fte', 'activities_per_fte',
        'customer_retention_rate', 'customer_churn_rate', 'purchase_retention_rate', 'repeat_purchase_rate', 'csat', 'nps', 'response_rate',
        'complaints_per_100_customers', 'return_rate', 'average_rating', 'referral_rate', 'average_basket', 'revenue_per_customer', 'discount_rate',
        'cac_paid', 'clv_projected', 'clv_cac_ratio', 'roi', 'roas', 'gross_margin_rate', 'cost_coverage_rate', 'net_margin_rate', 'nrr', 'grr',
        'pipeline_coverage', 'average_age_days', 'retention_rate', 'revenue_retention_rate',
    ]) }}
{% endmacro %}

{# The metrics of agg_kpis, in the order of KPIs §2. Growth against the period before has its name without the kind of period. #}
{% macro period_metrics() %}
    {{ return([
        'sales_count', 'net_revenue', 'gross_revenue', 'discount_amount', 'sold_amount', 'returned_amount', 'leads_created',
        'leads_converted', 'lead_conversion_rate', 'period_conversion_rate', 'visitors', 'visitor_conversion_rate',
        'opportunities_created', 'opportunities_won', 'opportunities_lost', 'won_amount', 'lost_amount', 'win_rate', 'win_rate_value',
        'activities', 'calls', 'connected_calls', 'meetings', 'held_meetings', 'emails', 'demos', 'call_seconds', 'meeting_seconds',
        'call_connect_rate', 'average_call_minutes', 'average_meeting_minutes', 'target', 'attainment_rate', 'pace_rate', 'active_reps', 'fte',
        'net_revenue_per_fte', 'sales_per_fte', 'activities_per_fte', 'customers_at_start', 'customers_retained',
        'customer_retention_rate', 'customer_churn_rate', 'buyers', 'purchase_retention_rate', 'repeat_purchase_rate', 'csat_responses',
        'csat_satisfied', 'csat', 'nps_responses', 'promoters', 'passives', 'detractors', 'nps', 'response_rate', 'complaints',
        'complaints_per_100_customers', 'returned_units', 'return_rate', 'average_rating', 'review_count', 'median_reply_hours',
        'referral_rate', 'basket_count', 'average_basket', 'revenue_per_customer', 'units_sold', 'discount_rate', 'price_effect',
        'volume_effect', 'mix_effect', 'fx_effect', 'seasonality_index', 'new_customers', 'cac', 'cac_paid', 'clv_observed',
        'clv_projected', 'clv_cac_ratio', 'cac_payback_months', 'campaign_spend', 'attributed_revenue', 'attributed_margin', 'roi', 'roas',
        'cost_of_goods', 'gross_margin', 'gross_margin_rate', 'cost_coverage_rate', 'net_margin', 'net_margin_rate', 'total_costs',
        'operating_costs', 'sales_costs', 'marketing_costs', 'other_costs', 'fixed_costs', 'variable_costs', 'net_revenue_growth',
        'net_revenue_growth_yoy', 'mrr', 'arr', 'customers', 'opening_mrr', 'new_mrr', 'expansion_mrr', 'contraction_mrr', 'churned_mrr',
        'reactivation_mrr', 'fx_mrr', 'nrr', 'grr', 'median_sales_cycle_days', 'open_deals', 'average_age_days', 'open_pipeline',
        'weighted_pipeline', 'pipeline_coverage', 'retention_rate', 'revenue_retention_rate',
    ]) }}
{% endmacro %}

{# The columns of agg_kpis after its keys: metrics, their parts, what is compared to date. #}
{% macro kpi_columns() %}
    {{ return(boussole.period_metrics() + [
        'lead_conversion_rate_numerator', 'lead_conversion_rate_denominator', 'win_rate_denominator', 'win_rate_value_denominator',
        'average_call_minutes_numerator', 'average_call_minutes_denominator', 'average_meeting_minutes_numerator',
        'average_meeting_minutes_denominator', 'pace_rate_denominator', 'activities_per_fte_numerator',
        'customer_retention_rate_denominator', 'customer_churn_rate_numerator', 'returning_buyers', 'purchase_retention_rate_denominator',
        'repeat_purchase_rate_numerator', 'repeat_purchase_rate_denominator', 'responses', 'invitations', 'customers_at_end',
        'return_rate_numerator', 'return_rate_denominator', 'average_rating_numerator', 'referral_rate_numerator',
        'referral_rate_denominator', 'average_basket_numerator', 'revenue_per_customer_numerator', 'cac_numerator',
        'clv_observed_numerator', 'clv_observed_denominator', 'clv_projected_numerator', 'trailing_customers', 'roi_numerator',
        'gross_margin_rate_denominator', 'nrr_numerator', 'grr_numerator', 'closing_pipeline', 'pipeline_coverage_denominator',
        'average_age_days_numerator', 'average_age_days_denominator', 'retention_rate_numerator', 'retention_rate_denominator',
        'revenue_retention_rate_numerator', 'revenue_retention_rate_denominator', 'is_peak', 'net_revenue_growth_to_date',
        'net_revenue_growth_yoy_to_date',
    ]) }}
{% endmacro %}

{# The value of the column that a metric has, as a double; `columns`: metric -> column of the row. #}
{% macro value_of_metric(columns, metric) -%}
case {{ metric }}
            {%- for name, column in columns.items() %}
            when '{{ name }}' then cast({{ column }} as double)
            {%- endfor %}
        end
{%- endmacro %}
