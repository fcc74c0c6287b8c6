-- What adds up over time: the months of a quarter are the quarter. Sets (buyers, respondents), medians, states and the effects on revenue do not.
-- `sums` skip what is unknown, like the marts; `derived` are compared where all three months and the quarter are known.
{% set sums = (additive_kpis() | reject('in', ['persons_converted_in_time']) | list) + [
    'visitors', 'csat_responses', 'csat_satisfied', 'responses', 'invitations', 'complaints', 'returned_units', 'review_count',
    'average_rating_numerator', 'referral_rate_numerator', 'referral_rate_denominator', 'revenue_per_customer_numerator', 'win_rate_denominator',
    'activities_per_fte_numerator', 'campaign_spend', 'attributed_revenue', 'attributed_margin',
    'sales_costs', 'marketing_costs', 'other_costs', 'fixed_costs', 'variable_costs', 'total_costs',
    'new_mrr', 'expansion_mrr', 'contraction_mrr', 'churned_mrr', 'reactivation_mrr', 'fx_mrr',
] %}
{% set derived = [
    'target', 'net_margin', 'cac_numerator', 'roi_numerator', 'win_rate_value_denominator',
    'lead_conversion_rate_numerator', 'lead_conversion_rate_denominator', 'return_rate_numerator', 'return_rate_denominator',
] %}

with months as (
    select
        cast({{ dbt.date_trunc('quarter', 'month') }} as date) as quarter{% for kpi in sums + derived %},
        sum({{ kpi }}) as {{ kpi }}{% endfor %}{% for kpi in derived %},
        count({{ kpi }}) as known_{{ kpi }}{% endfor %}

    from {{ ref('company_monthly_kpis') }}
    group by cast({{ dbt.date_trunc('quarter', 'month') }} as date)
),

compared as (
    {% for kpi in sums + derived %}
    {% if not loop.first %}union all{% endif %}
    select
        coalesce(quarters.quarter, months.quarter) as quarter,
        '{{ kpi }}' as kpi,
        -- minutes and ratings are doubles
        {{ '0.000001' if kpi.endswith('_minutes_numerator') or kpi == 'average_rating_numerator' else '0' }} as tolerance,
        quarters.quarter is not null and months.quarter is not null as is_in_both,
        {{ 'quarters.' ~ kpi ~ ' is not null and months.known_' ~ kpi ~ ' = 3' if kpi in derived else 'true' }} as is_compared,
        cast(coalesce(quarters.{{ kpi }}, 0) as decimal(38, 8)) as published,
        cast(coalesce(months.{{ kpi }}, 0) as decimal(38, 8)) as sum_of_months
    from {{ ref('company_quarterly_kpis') }} as quarters
    full outer join months on quarters.quarter = months.quarter
    {% endfor %}
)

select
    quarter,
    kpi,
    published,
    sum_of_months
from compared
where not is_in_both or (is_compared and abs(published - sum_of_months) > tolerance)
