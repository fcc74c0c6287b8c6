-- grain: one row per grain (company, team, rep), entity and period: every KPI with its parts, from which the marts of a period are laid out
{# What only the company has is NULL for teams and reps; the catalogue says which grains a metric has. #}
{% set satisfaction_measures = [
    'csat_responses', 'csat_satisfied', 'nps_responses', 'promoters', 'passives', 'detractors', 'responses', 'invitations', 'complaints',
    'customers_at_end', 'review_count', 'replied_reviews', 'return_rate_numerator', 'return_rate_denominator', 'average_rating_numerator', 'median_reply_hours',
] %}

with availability as (
    {{ availability(['net_margin', 'cac', 'campaign_spend', 'attributed_revenue', 'attributed_margin', 'roi', 'target', 'referral_rate', 'clv_observed', 'retention_rate']) | indent }}
),

entities as (
    select
        entities.*,
        {{ add_days('entities.period_end', var('lead_conversion_days')) }} <= entities.as_of_date as is_conversion_complete,
        {{ month_end(add_months('entities.period_end', var('clv_horizon_months'))) }} <= entities.as_of_date as is_cohort_complete,
        entities.grain = 'company' as is_company,
        -- where the sets of customers and the answers of an entity are
        case entities.grain when 'company' then 'all' when 'team' then 'team' end as dimension_name,
        case when entities.grain = 'company' then 'all' else entities.entity_id end as dimension_value
    from {{ ref('dim_entity_periods') }} as entities
),

-- campaigns together, without what no campaign explains
campaigns as (
    select
        period_type,
        period_start,
        cast({{ known_sum('sum(spend)', 'sum(spend_rows)', 'sum(priced_spend_rows)') }} as {{ money_type() }}) as campaign_spend,
        {% set of_campaigns = "sum(case when campaign_id <> 'unattributed' then {} end)" %}
        {% set revenue, margin = ['attributed_revenue', 'revenue_rows', 'priced_rows'], ['attributed_margin', 'real_lines', 'margin_lines'] %}
        {% set revenue_sum = known_sum(of_campaigns.format(revenue[0]), of_campaigns.format(revenue[1]), of_campaigns.format(revenue[2])) %}
        {% set margin_sum = known_sum(of_campaigns.format(margin[0]), of_campaigns.format(margin[1]), of_campaigns.format(margin[2])) %}
        cast({{ revenue_sum }} as {{ money_type() }}) as attributed_revenue,
        cast({{ margin_sum }} as {{ money_type() }}) as attributed_margin
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
        {% for measure in ['returned_units', 'price_effect', 'volume_effect', 'mix_effect', 'fx_effect'] %}
        cast(sum({{ measure }}) as {{ money_type() }}) as {{ measure }}{% if not loop.last %},{% endif %}
        {% endfor %}
    from {{ ref('agg_products') }}
    group by period_type, period_start
),

joined as (
    select
        entities.*,
        {% for kpi in additive_kpis() %}
        activity.{{ kpi }},
        {% endfor %}
        activity.active_reps,
        activity.fte,
        activity.median_sales_cycle_days,
        activity.sales_cycles,
        comparisons.net_revenue_growth,
        comparisons.net_revenue_growth_yoy,
        comparisons.net_revenue_growth_to_date,
        comparisons.net_revenue_growth_yoy_to_date,
        comparisons.seasonality_index,
        comparisons.is_peak,
        {% for measure in [
            'visitors', 'buyers', 'returning_buyers', 'customers_at_start', 'customers_retained', 'customer_retention_rate_denominator',
            'customer_churn_rate_numerator', 'purchase_retention_rate_denominator', 'revenue_per_customer_numerator',
        ] %}
        customers.{{ measure }},
        {% endfor %}
        {% for measure in satisfaction_measures %}
        satisfaction.{{ measure }},
        {% endfor %}
        {% for measure in ['total_costs', 'operating_costs', 'sales_costs', 'marketing_costs', 'other_costs', 'fixed_costs', 'variable_costs'] %}
        costs.{{ measure }},
        {% endfor %}
        {% for measure in ['campaign_spend', 'attributed_revenue', 'attributed_margin'] %}
        case when availability.{{ measure }} and entities.is_company then campaigns.{{ measure }} end as {{ measure }},
        {% endfor %}
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
        pipeline.open_deals,
        pipeline.average_age_days_numerator,
        pipeline.average_age_days_denominator,
        pipeline.open_pipeline,
        pipeline.weighted_pipeline,
        pipeline.closing_pipeline,
        case when availability.target then targets.target end as target,
        case when availability.referral_rate then referrals.referral_rate_numerator end as referral_rate_numerator,
        case when availability.referral_rate then referrals.referral_rate_denominator end as referral_rate_denominator,
        recent.repeat_purchase_rate_numerator,
        recent.repeat_purchase_rate_denominator,
        recent.trailing_customers,
        recent.trailing_margin * recent.expected_lifetime_months as clv_projected_numerator,
        -- of the period's new customers at the same age; 0 where there are none
        {% for part, metric, column in [
            ('clv_observed_numerator', 'clv_observed', 'margin_so_far'), ('clv_observed_denominator', 'clv_observed', 'cohort_size'),
            ('retention_rate_numerator', 'retention_rate', 'active_customers'), ('retention_rate_denominator', 'retention_rate', 'cohort_size'),
            ('revenue_retention_rate_numerator', 'retention_rate', 'net_revenue'),
            ('revenue_retention_rate_denominator', 'retention_rate', 'first_month_net_revenue'),
        ] %}
        case
            when availability.{{ metric }} and entities.is_company and entities.is_cohort_complete
                then case when cohorts.period_start is null then 0 else cohorts.{{ column }} end
        end as {{ part }},
        {% endfor %}
        activity.opportunities_won + activity.opportunities_lost as win_rate_denominator,
        cast(activity.won_amount + activity.lost_amount as {{ money_type() }}) as win_rate_value_denominator,
        activity.activities as activities_per_fte_numerator,
        activity.net_revenue as attainment_rate_numerator,
        activity.net_revenue as pace_rate_numerator,
        -- persons who have not lived through the whole window are in neither part of the rate
        case when entities.is_conversion_complete then activity.persons_converted_in_time end as lead_conversion_rate_numerator,
        case when entities.is_conversion_complete then activity.leads_created end as lead_conversion_rate_denominator,
        cast(case when availability.net_margin then activity.gross_margin - costs.total_costs end as {{ money_type() }}) as net_margin,
        cast(case when availability.cac then costs.sales_costs + costs.marketing_costs end as {{ money_type() }}) as cac_numerator,
        cast(case when availability.roi then campaigns.attributed_margin - campaigns.campaign_spend end as {{ money_type() }}) as roi_numerator,
        case when availability.target then {{ safe_divide('targets.target * entities.elapsed_working_days', 'entities.working_days') }} end
            as pace_rate_denominator,
        cast(
            case when entities.is_company and targets.target > activity.net_revenue then targets.target - activity.net_revenue end
            as {{ money_type() }}
        ) as pipeline_coverage_denominator
    from entities
    cross join availability
    inner join {{ ref('agg_activity') }} as activity
        on {{ same_entity_period('entities', 'activity') }}
    inner join {{ ref('agg_comparisons') }} as comparisons
        on {{ same_entity_period('entities', 'comparisons') }}
    left join {{ ref('agg_targets') }} as targets
        on {{ same_entity_period('entities', 'targets') }} and targets.metric = 'net_revenue'
    {% for relation, alias in [('agg_customers', 'customers'), ('agg_satisfaction', 'satisfaction')] %}
    left join {{ ref(relation) }} as {{ alias }}
        on
            entities.period_type = {{ alias }}.period_type
            and entities.period_start = {{ alias }}.period_start
            and entities.dimension_name = {{ alias }}.dimension_name
            and entities.dimension_value = {{ alias }}.dimension_value
    {% endfor %}
    {% for relation, alias in [
        (ref('agg_costs'), 'costs'), (ref('agg_mrr'), 'mrr'), (ref('agg_pipeline'), 'pipeline'), (ref('agg_trailing'), 'recent'),
        ('campaigns', ''), ('referrals', ''), ('effects', ''),
    ] %}
    left join {{ relation }}{{ ' as ' ~ alias if alias }}
        on
            entities.is_company
            and entities.period_type = {{ alias or relation }}.period_type
            and entities.period_start = {{ alias or relation }}.period_start
    {% endfor %}
    left join {{ ref('agg_cohorts') }} as cohorts
        on
            entities.is_company
            and entities.period_type = cohorts.period_type
            and entities.period_start = cohorts.period_start
            and cohorts.age = {{ var('clv_horizon_months') }}
),

costed as (
    select
        joined.*,
        case when joined.is_company then {{ ratio('cac') }} end as cac,
        {{ ratio('clv_observed') }} as clv_observed
    from joined
),

-- the first age at which the cohort has paid back what its customers cost
paybacks as (
    select
        costed.period_type,
        costed.period_start,
        min(cohorts.age) as cac_payback_months
    from costed
    inner join {{ ref('agg_cohorts') }} as cohorts
        on costed.period_type = cohorts.period_type and costed.period_start = cohorts.period_start
    where costed.is_company and {{ safe_divide('cohorts.margin_so_far', 'cohorts.cohort_size') }} >= costed.cac
    group by costed.period_type, costed.period_start
),

rated as (
    select
        costed.*,
        case when costed.is_company then paybacks.cac_payback_months end as cac_payback_months,
        {% for name in period_ratios() %}
        {{ ratio(name) }} as {{ name }}{% if not loop.last %},{% endif %}
        {% endfor %}
    from costed
    left join paybacks on costed.is_company and costed.period_type = paybacks.period_type and costed.period_start = paybacks.period_start
),

final as (
    select
        grain,
        entity_id,
        entity_name,
        team_id,
        period_type,
        period_start,
        is_complete_period,
        {% for kpi in kpi_columns() %}
        {{ kpi }},
        {% endfor %}
        attainment_rate_numerator,
        pace_rate_numerator,
        -- the cases of the two medians
        sales_cycles,
        replied_reviews,
        {{ ratio_precision(period_ratios()) }}
    from rated
)

select * from final
