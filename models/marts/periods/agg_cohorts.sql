-- grain: one row per period_type, period_start and age: the customers of the period's first sales, and what they brought up to that age in months
with periods as (
    select
        period_type,
        period_start,
        counted_from,
        period_end,
        as_of_date
    from {{ ref('dim_periods') }}
),

cohorts as (
    select
        periods.period_type,
        periods.period_start,
        periods.period_end,
        {{ month_of('periods.counted_from') }} as first_counted_month,
        periods.as_of_date,
        customers.customer_id,
        {{ month_of('customers.first_purchase_date') }} as first_month
    from {{ ref('dim_customers') }} as customers
    inner join periods on {{ in_period('periods', 'customers.first_purchase_date') }}
),

sizes as (
    select
        period_type,
        period_start,
        period_end,
        first_counted_month,
        as_of_date,
        count(*) as cohort_size
    from cohorts
    group by period_type, period_start, period_end, first_counted_month, as_of_date
),

-- an age is lived when the youngest customers of the cohort have lived through it; a period that the calendar cuts begins with it
ages as (
    select
        sizes.*,
        {{ months_between('sizes.first_counted_month', 'months.period_start') }} as age,
        {{ month_end(add_months('sizes.period_end', months_between('sizes.first_counted_month', 'months.period_start'))) }} <= sizes.as_of_date as is_complete
    from sizes
    inner join periods as months on months.period_type = 'month' and sizes.first_counted_month <= months.period_start
),

lives as (
    select
        cohorts.period_type,
        cohorts.period_start,
        {{ months_between('cohorts.first_month', 'months.month') }} as age,
        sum(case when months.is_buyer then 1 else 0 end) as active_customers,
        sum(months.net_revenue) as net_revenue,
        sum(months.revenue_lines) as revenue_lines,
        sum(months.priced_lines) as priced_lines,
        sum(months.gross_margin) as gross_margin,
        sum(months.real_lines) as real_lines,
        sum(months.costed_lines) as costed_lines
    from cohorts
    inner join {{ ref('fct_customer_months') }} as months on cohorts.customer_id = months.customer_id and cohorts.first_month <= months.month
    group by cohorts.period_type, cohorts.period_start, {{ months_between('cohorts.first_month', 'months.month') }}
),

summed as (
    select
        ages.period_type,
        ages.period_start,
        ages.age,
        ages.cohort_size,
        ages.is_complete,
        coalesce(lives.active_customers, 0) as active_customers,
        {{ known_sum('lives.net_revenue', 'lives.revenue_lines', 'lives.priced_lines') }} as net_revenue,
        sum(coalesce(lives.gross_margin, 0)) over so_far as margin_so_far,
        sum(coalesce(lives.real_lines, 0)) over so_far as lines_so_far,
        sum(coalesce(lives.costed_lines, 0)) over so_far as costed_lines_so_far
    from ages
    left join lives on ages.period_type = lives.period_type and ages.period_start = lives.period_start and ages.age = lives.age
    window so_far as (partition by ages.period_type, ages.period_start order by ages.age rows between unbounded preceding and current row)
),

final as (
    select
        period_type,
        period_start,
        cast(age as bigint) as age,
        cast(cohort_size as bigint) as cohort_size,
        is_complete,
        cast(case when is_complete then {{ known_sum('margin_so_far', 'lines_so_far', 'costed_lines_so_far') }} end as {{ money_type() }})
            as margin_so_far,
        cast(case when is_complete then active_customers end as bigint) as active_customers,
        cast(case when is_complete then net_revenue end as {{ money_type() }}) as net_revenue,
        cast(
            case when is_complete then first_value(net_revenue) over (partition by period_type, period_start order by age) end
            as {{ money_type() }}
        ) as first_month_net_revenue
    from summed
)

select * from final
