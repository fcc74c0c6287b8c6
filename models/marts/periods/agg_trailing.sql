-- grain: one row per period_type and period_start: what the days or months that end with the period say
with periods as (
    select
        period_type,
        period_start,
        measured_on,
        is_complete_period
    from {{ ref('dim_periods') }}
),

availability as (
    {{ availability(['repeat_purchase_rate', 'clv_projected']) | indent }}
),

purchase_days as (
    select distinct
        customer_id,
        sale_date
    from {{ ref('fct_sales') }}
    where is_revenue_basis and customer_id is not null
),

repeated as (
    select
        periods.period_type,
        periods.period_start,
        purchase_days.customer_id,
        count(*) as days_with_purchase
    from periods
    inner join purchase_days
        on periods.measured_on >= purchase_days.sale_date and {{ add_days('periods.measured_on', -365) }} < purchase_days.sale_date
    group by periods.period_type, periods.period_start, purchase_days.customer_id
),

repeats as (
    select
        period_type,
        period_start,
        count(*) as repeat_purchase_rate_denominator,
        sum(case when days_with_purchase >= 2 then 1 else 0 end) as repeat_purchase_rate_numerator
    from repeated
    group by period_type, period_start
),

months as (
    select
        activity.period_start as month,
        activity.gross_margin,
        customers.customers_at_start,
        customers.customer_churn_rate_numerator as churned_customers
    from {{ ref('agg_activity') }} as activity
    inner join {{ ref('agg_customers') }} as customers
        on
            activity.period_type = customers.period_type
            and activity.period_start = customers.period_start
            and customers.dimension_name = 'all'
    where activity.grain = 'company' and activity.period_type = 'month'
),

-- the last three months, all of them complete and in the calendar; a margin that is not known is left out of the sum
recent as (
    select
        periods.period_type,
        periods.period_start,
        sum(months.gross_margin) as trailing_margin,
        sum(months.customers_at_start) as trailing_customers,
        sum(months.churned_customers) as trailing_churned
    from periods
    inner join months
        on
            months.month <= {{ month_of('periods.measured_on') }}
            and months.month > {{ add_months(month_of('periods.measured_on'), -3) }}
    where periods.is_complete_period
    group by periods.period_type, periods.period_start
    having count(months.churned_customers) = 3
),

final as (
    select
        periods.period_type,
        periods.period_start,
        {% for part in ['numerator', 'denominator'] %}
        cast(case when availability.repeat_purchase_rate then coalesce(repeats.repeat_purchase_rate_{{ part }}, 0) end as bigint)
            as repeat_purchase_rate_{{ part }},
        {% endfor %}
        cast(case when availability.clv_projected then recent.trailing_margin end as {{ money_type() }}) as trailing_margin,
        cast(case when availability.clv_projected then recent.trailing_customers end as bigint) as trailing_customers,
        cast(case when availability.clv_projected then recent.trailing_churned end as bigint) as trailing_churned,
        -- months that a customer stays: the inverse of the monthly churn, up to a cap
        case
            when not availability.clv_projected or coalesce(recent.trailing_customers, 0) = 0 then null
            when recent.trailing_churned = 0 then cast({{ var('clv_max_months') }} as double)
            else least({{ safe_divide('recent.trailing_customers', 'recent.trailing_churned') }}, cast({{ var('clv_max_months') }} as double))
        end as expected_lifetime_months
    from periods
    cross join availability
    left join repeats on periods.period_type = repeats.period_type and periods.period_start = repeats.period_start
    left join recent on periods.period_type = recent.period_type and periods.period_start = recent.period_start
)

select * from final
