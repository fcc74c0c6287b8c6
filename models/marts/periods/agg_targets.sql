-- grain: one row per period_type and period_start: the company's target of net revenue, where every month of the period has one
with company_targets as (
    select
        target_month,
        target_value
    from {{ ref('fct_targets') }}
    where metric = 'net_revenue' and entity_type = 'company'
),

teams_together as (
    select
        target_month,
        sum(target) as target_value
    from {{ ref('agg_team_targets') }}
    group by target_month
),

company_months as (
    select
        coalesce(company_targets.target_month, teams_together.target_month) as target_month,
        case when company_targets.target_month is not null then company_targets.target_value else teams_together.target_value end as target_value
    from company_targets
    full outer join teams_together on company_targets.target_month = teams_together.target_month
),

final as (
    select
        periods.period_type,
        periods.period_start,
        cast(sum(company_months.target_value) as {{ money_type() }}) as target
    from {{ ref('dim_periods') }} as periods
    inner join company_months on periods.period_start <= company_months.target_month and periods.period_end >= company_months.target_month
    group by periods.period_type, periods.period_start, periods.months_in_period
    having count(company_months.target_value) = periods.months_in_period
)

select * from final
