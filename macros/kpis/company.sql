{# The mart of the company by period: one definition for months and quarters. #}
{% macro company_kpis(period) -%}
{%- set growths = {'mom' if period == 'month' else 'qoq': 'previous_period_start', 'yoy': 'year_earlier_period_start'} -%}
with availability as (
    {{ availability([
        'gross_margin', 'net_margin', 'cac', 'cac_paid', 'roi', 'target', 'referral_rate', 'clv_observed', 'pipeline_coverage', 'complaints'
    ]) | indent }}
),

periods as (
    select * from {{ ref('dim_periods') }}
    where period_type = '{{ period }}'
),

-- campaigns together, without what no campaign explains
campaigns as (
    select
        period_type,
        period_start,
        cast(sum(spend) as {{ money_type() }}) as campaign_spend,
        cast(sum(case when campaign_id <> 'unattributed' then attributed_revenue end) as {{ money_type() }}) as attributed_revenue,
        cast(sum(case when campaign_id <> 'unattributed' then attributed_margin end) as {{ money_type() }}) as attributed_margin
    from {{ ref('agg_campaigns') }}
    group by period_type, period_start
),

referrals as (
    select
        period_type,
        period_start,
        cast(sum(case when dimension_value = 'referral' then new_customers else 0 end) as bigint) as referral_rate_numerator,
        cast(sum(case when dimension_value <> 'unknown' then new_customers else 0 end) as bigint) as referral_rate_denominator
    from {{ ref('agg_customers') }}
    where dimension_name = 'channel'
    group by period_type, period_start
),

effects as (
    select
        period_type,
        period_start,
        cast(sum(returned_units) as {{ money_type() }}) as returned_units,
        cast(sum(price_effect) as {{ money_type() }}) as price_effect,
        cast(sum(volume_effect) as {{ money_type() }}) as volume_effect,
        cast(sum(mix_effect) as {{ money_type() }}) as mix_effect,
        cast(sum(fx_effect) as {{ money_type() }}) as fx_effect
    from {{ ref('agg_products') }}
    group by period_type, period_start
),

joined as (
    select
        periods.*,
        {% for kpi in additive_kpis() if kpi not in ['new_customers', 'leads_created', 'leads_converted'] %}
        activity.{{ kpi }},
        {% endfor %}
        activity.active_reps,
        activity.fte,
        activity.median_sales_cycle_days,
        {% for measure in [
            'leads_created', 'leads_converted', 'new_customers', 'visitors', 'buyers', 'returning_buyers', 'customers_at_start',
            'customers_retained', 'customers_at_end', 'customer_retention_rate_denominator', 'customer_churn_rate_numerator',
            'purchase_retention_rate_denominator', 'lead_conversion_rate_numerator', 'lead_conversion_rate_denominator', 'revenue_per_customer_numerator',
        ] %}
        customers.{{ measure }},
        {% endfor %}
        {% for measure in [
            'csat_responses', 'csat_satisfied', 'nps_responses', 'promoters', 'passives', 'detractors', 'responses', 'invitations', 'complaints',
            'review_count', 'return_rate_numerator', 'return_rate_denominator', 'average_rating_numerator', 'median_reply_hours',
        ] %}
        satisfaction.{{ measure }},
        {% endfor %}
        {% for measure in ['total_costs', 'sales_costs', 'marketing_costs', 'other_costs', 'fixed_costs', 'variable_costs'] %}
        costs.{{ measure }},
        {% endfor %}
        case when availability.cac_paid then campaigns.campaign_spend end as campaign_spend,
        campaigns.attributed_revenue,
        campaigns.attributed_margin,
        effects.returned_units,
        effects.price_effect,
        effects.volume_effect,
        effects.mix_effect,
        effects.fx_effect,
        mrr.opening_mrr,
        {% for movement in mrr_movement_types() %}
        mrr.{{ movement }}_mrr,
        {% endfor %}
        mrr.mrr,
        mrr.arr,
        mrr.customers,
        mrr.nrr_numerator,
        mrr.grr_numerator,
        pipeline.open_pipeline,
        pipeline.weighted_pipeline,
        pipeline.closing_pipeline,
        case when availability.target then targets.target end as target,
        case when availability.referral_rate then referrals.referral_rate_numerator end as referral_rate_numerator,
        case when availability.referral_rate then referrals.referral_rate_denominator end as referral_rate_denominator,
        recent.repeat_purchase_rate_numerator,
        recent.repeat_purchase_rate_denominator,
        recent.trailing_customers,
        case when availability.clv_observed then cohorts.margin_so_far end as clv_observed_numerator,
        case when availability.clv_observed then cohorts.cohort_size end as clv_observed_denominator,
        activity.opportunities_won + activity.opportunities_lost as win_rate_denominator,
        cast(activity.won_amount + activity.lost_amount as {{ money_type() }}) as win_rate_value_denominator,
        activity.activities as activities_per_fte_numerator,
        cast(case when availability.net_margin then activity.gross_margin - costs.total_costs end as {{ money_type() }}) as net_margin,
        cast(case when availability.cac then costs.sales_costs + costs.marketing_costs end as {{ money_type() }}) as cac_numerator,
        recent.trailing_margin * recent.expected_lifetime_months as clv_projected_numerator,
        cast(case when availability.roi then campaigns.attributed_margin - campaigns.campaign_spend end as {{ money_type() }}) as roi_numerator,
        activity.net_revenue as attainment_rate_numerator,
        activity.net_revenue as pace_rate_numerator,
        case when availability.target then {{ safe_divide('targets.target * periods.elapsed_working_days', 'periods.working_days') }} end
            as pace_rate_denominator,
        cast(case when targets.target > activity.net_revenue then targets.target - activity.net_revenue end as {{ money_type() }})
            as pipeline_coverage_denominator
    from periods
    cross join availability
    inner join {{ ref('agg_activity') }} as activity on periods.period_type = activity.period_type and periods.period_start = activity.period_start
    inner join {{ ref('agg_customers') }} as customers
        on periods.period_type = customers.period_type and periods.period_start = customers.period_start and customers.dimension_name = 'all'
    left join {{ ref('agg_satisfaction') }} as satisfaction
        on
            periods.period_type = satisfaction.period_type
            and periods.period_start = satisfaction.period_start
            and satisfaction.dimension_name = 'all'
    inner join {{ ref('agg_costs') }} as costs on periods.period_type = costs.period_type and periods.period_start = costs.period_start
    inner join {{ ref('agg_mrr') }} as mrr on periods.period_type = mrr.period_type and periods.period_start = mrr.period_start
    inner join {{ ref('agg_pipeline') }} as pipeline on periods.period_type = pipeline.period_type and periods.period_start = pipeline.period_start
    inner join {{ ref('agg_trailing') }} as recent on periods.period_type = recent.period_type and periods.period_start = recent.period_start
    left join campaigns on periods.period_type = campaigns.period_type and periods.period_start = campaigns.period_start
    left join referrals on periods.period_type = referrals.period_type and periods.period_start = referrals.period_start
    left join effects on periods.period_type = effects.period_type and periods.period_start = effects.period_start
    left join {{ ref('agg_targets') }} as targets on periods.period_type = targets.period_type and periods.period_start = targets.period_start
    left join {{ ref('agg_cohorts') }} as cohorts
        on
            periods.period_type = cohorts.period_type
            and periods.period_start = cohorts.period_start
            and cohorts.age = {{ var('clv_horizon_months') }}
),

costed as (
    select
        joined.*,
        {{ safe_divide('joined.cac_numerator', 'joined.new_customers') }} as cac,
        {{ safe_divide('joined.clv_observed_numerator', 'joined.clv_observed_denominator') }} as clv_observed
    from joined
),

-- the first age at which the cohort has paid back what its customers cost
paybacks as (
    select
        costed.period_start,
        min(cohorts.age) as cac_payback_months
    from costed
    inner join {{ ref('agg_cohorts') }} as cohorts
        on cohorts.period_type = '{{ period }}' and costed.period_start = cohorts.period_start
    where {{ safe_divide('cohorts.margin_so_far', 'cohorts.cohort_size') }} >= costed.cac
    group by costed.period_start
),

compared as (
    select
        costed.*,
        paybacks.cac_payback_months,
        {% for growth, earlier in growths.items() %}
        case when costed.is_complete_period then {{ growth_rate('costed.net_revenue', growth ~ '.net_revenue') }} end
            as net_revenue_growth_{{ growth }}{% if not loop.last %},{% endif %}
        {% endfor %}
    from costed
    left join paybacks on costed.period_start = paybacks.period_start
    {% for growth, earlier in growths.items() %}
    -- a period that the calendar cuts is no earlier period to compare with
    left join costed as {{ growth }}
        on costed.{{ earlier }} = {{ growth }}.period_start and {{ growth }}.period_start = {{ growth }}.counted_from
    {% endfor %}
),

{% if period == 'month' %}
-- a centred mean of twelve months: thirteen, the two outer ones by half
seasons as (
    select
        compared.period_start,
        case
            when count(*) over () >= 24 and count(*) over around = 13
                then {{ safe_divide(
                    'compared.net_revenue * 12',
                    'sum(compared.net_revenue) over around - 0.5 * (first_value(compared.net_revenue) over around + last_value(compared.net_revenue) over around)'
                ) }}
        end as seasonality_index
    from compared
    where compared.is_complete_period
    window around as (order by compared.period_start rows between 6 preceding and 6 following)
),

{% endif %}
rated as (
    select
        compared.*,
        {% if period == 'month' %}
        seasons.seasonality_index,
        seasons.seasonality_index >= 1.2 as is_peak,
        {% endif %}
        {% for name in company_ratios() %}
        {{ ratio(name) }} as {{ name }}{% if not loop.last %},{% endif %}
        {% endfor %}
    from compared
    {% if period == 'month' %}
    left join seasons on compared.period_start = seasons.period_start
    {% endif %}
),

final as (
    select
        period_start as {{ period }},
        is_complete_period,
        {% for kpi in company_columns(period) %}
        {{ kpi }},
        {% endfor %}
        {{ ratio_precision(company_ratios()) }}
    from rated
)

select * from final
{%- endmacro %}

{# The ratios of the company, in the order of KPIs §2. #}
{% macro company_ratios() %}
    {{ return([
        'lead_conversion_rate', 'period_conversion_rate', 'visitor_conversion_rate', 'win_rate', 'win_rate_value', 'average_call_minutes',
        'average_meeting_minutes', 'attainment_rate', 'pace_rate', 'net_revenue_per_fte', 'sales_per_fte', 'activities_per_fte',
        'customer_retention_rate', 'customer_churn_rate', 'purchase_retention_rate', 'repeat_purchase_rate', 'csat', 'nps', 'response_rate',
        'complaints_per_100_customers', 'return_rate', 'average_rating', 'referral_rate', 'average_basket', 'revenue_per_customer', 'discount_rate',
        'cac_paid', 'clv_projected', 'clv_cac_ratio', 'roi', 'roas', 'gross_margin_rate', 'cost_coverage_rate', 'net_margin_rate', 'nrr', 'grr',
        'pipeline_coverage',
    ]) }}
{% endmacro %}

{# The columns of the company's marts after the period: KPIs in the order of KPIs §2, then their parts. #}
{% macro company_columns(period) %}
    {% set growths = ['net_revenue_growth_mom', 'net_revenue_growth_yoy'] if period == 'month' else ['net_revenue_growth_qoq', 'net_revenue_growth_yoy'] %}
    {% set monthly = ['seasonality_index', 'is_peak'] if period == 'month' else [] %}
    {{ return([
        'sales_count', 'net_revenue', 'gross_revenue', 'discount_amount', 'sold_amount', 'returned_amount', 'leads_created', 'leads_converted',
        'lead_conversion_rate', 'period_conversion_rate', 'visitors', 'visitor_conversion_rate', 'opportunities_created', 'opportunities_won',
        'opportunities_lost', 'won_amount', 'lost_amount', 'win_rate', 'win_rate_value', 'activities', 'calls', 'connected_calls', 'meetings',
        'held_meetings', 'emails', 'demos', 'call_seconds', 'meeting_seconds', 'average_call_minutes', 'average_meeting_minutes', 'target',
        'attainment_rate', 'pace_rate', 'active_reps', 'fte', 'net_revenue_per_fte', 'sales_per_fte', 'activities_per_fte', 'customers_at_start',
        'customers_retained', 'customer_retention_rate', 'customer_churn_rate', 'buyers', 'purchase_retention_rate', 'repeat_purchase_rate',
        'csat_responses', 'csat_satisfied', 'csat', 'nps_responses', 'promoters', 'passives', 'detractors', 'nps', 'response_rate', 'complaints',
        'complaints_per_100_customers', 'returned_units', 'return_rate', 'average_rating', 'review_count', 'median_reply_hours', 'referral_rate',
        'basket_count', 'average_basket', 'revenue_per_customer', 'units_sold', 'discount_rate', 'price_effect', 'volume_effect', 'mix_effect',
        'fx_effect'] + monthly + ['new_customers', 'cac', 'cac_paid', 'clv_observed', 'clv_projected', 'clv_cac_ratio', 'cac_payback_months',
        'campaign_spend', 'attributed_revenue', 'attributed_margin', 'roi', 'roas', 'cost_of_goods', 'gross_margin', 'gross_margin_rate',
        'cost_coverage_rate', 'net_margin', 'net_margin_rate', 'sales_costs', 'marketing_costs', 'other_costs', 'fixed_costs', 'variable_costs'] + growths
        + ['mrr', 'arr', 'customers', 'opening_mrr', 'new_mrr', 'expansion_mrr', 'contraction_mrr', 'churned_mrr', 'reactivation_mrr', 'fx_mrr', 'nrr',
        'grr', 'median_sales_cycle_days', 'open_pipeline', 'weighted_pipeline', 'pipeline_coverage',
        'lead_conversion_rate_numerator', 'lead_conversion_rate_denominator', 'win_rate_denominator', 'win_rate_value_denominator',
        'average_call_minutes_numerator', 'average_call_minutes_denominator', 'average_meeting_minutes_numerator',
        'average_meeting_minutes_denominator', 'pace_rate_denominator', 'activities_per_fte_numerator', 'customer_retention_rate_denominator',
        'customer_churn_rate_numerator', 'returning_buyers', 'purchase_retention_rate_denominator', 'repeat_purchase_rate_numerator',
        'repeat_purchase_rate_denominator', 'responses', 'invitations', 'customers_at_end', 'return_rate_numerator', 'return_rate_denominator',
        'average_rating_numerator', 'referral_rate_numerator', 'referral_rate_denominator', 'average_basket_numerator',
        'revenue_per_customer_numerator', 'cac_numerator', 'clv_observed_numerator', 'clv_observed_denominator', 'clv_projected_numerator',
        'trailing_customers', 'roi_numerator', 'gross_margin_rate_denominator', 'total_costs', 'nrr_numerator', 'grr_numerator', 'closing_pipeline',
        'pipeline_coverage_denominator',
    ]) }}
{% endmacro %}
