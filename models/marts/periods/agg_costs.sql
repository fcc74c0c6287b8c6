-- grain: one row per period_type and period_start: operating costs and campaign spend, by function and by behaviour
with availability as (
    {{ availability(['total_costs', 'campaign_spend']) | indent }}
),

costs as (
    select
        cost_month as cost_date,
        cost_category,
        cost_behaviour,
        amount,
        true as is_operating
    from {{ ref('fct_costs') }}
    union all
    select
        spend_date as cost_date,
        'marketing' as cost_category,
        'variable' as cost_behaviour,
        amount,
        false as is_operating
    from {{ ref('fct_campaign_spend') }}
),

{% set cuts = {
    'operating_costs': 'costs.is_operating', 'campaign_spend': 'not costs.is_operating', 'total_costs': 'true',
    'sales_costs': "costs.cost_category = 'sales'", 'marketing_costs': "costs.cost_category = 'marketing'",
    'other_costs': "costs.cost_category = 'other'",
    'fixed_costs': "costs.cost_behaviour = 'fixed'", 'variable_costs': "costs.cost_behaviour = 'variable'",
} %}
summed as (
    select
        periods.period_type,
        periods.period_start,
        {% for cut, condition in cuts.items() %}
        {{ known_sum(
            'sum(case when ' ~ condition ~ ' then costs.amount end)',
            'sum(case when ' ~ condition ~ ' and costs.cost_date is not null then 1 else 0 end)',
            'count(case when ' ~ condition ~ ' then costs.amount end)'
        ) }} as {{ cut }}{% if not loop.last %},{% endif %}
        {% endfor %}
    from {{ ref('dim_periods') }} as periods
    left join costs on {{ in_period('periods', 'costs.cost_date') }}
    group by periods.period_type, periods.period_start
),

final as (
    select
        summed.period_type,
        summed.period_start,
    {% for cut in cuts %}
    cast(case when availability.{{ 'campaign_spend' if cut == 'campaign_spend' else 'total_costs' }} then summed.{{ cut }} end as {{ money_type() }})
        as {{ cut }}{% if not loop.last %},{% endif %}
    {% endfor %}
    from summed
    cross join availability
)

select * from final
