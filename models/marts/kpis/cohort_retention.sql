-- grain: one row per cohort_month, dimension_name, dimension_value and months_since_first_purchase
with availability as (
    {{ availability(['retention_rate', 'gross_margin']) | indent }}
),

customers as (
    select
        customer_id,
        {{ month_of('first_purchase_date') }} as cohort_month,
        coalesce(account_segment, 'unknown') as segment,
        coalesce(acquisition_channel, 'unknown') as channel,
        coalesce(first_owner_team_id, 'unassigned') as team
    from {{ ref('dim_customers') }}
    where first_purchase_date is not null
),

months as (
    select
        month,
        min(case when is_complete_month then 1 else 0 end) = 1 as is_complete
    from {{ ref('dim_dates') }}
    group by month
),

-- each customer once in every dimension
memberships as (
    {% for name, value in {'all': "'all'", 'segment': 'segment', 'channel': 'channel', 'team': 'team'}.items() %}
    {% if not loop.first %}union all{% endif %}
    select
        customer_id,
        cohort_month,
        '{{ name }}' as dimension_name,
        {{ value }} as dimension_value
    from customers
    {% endfor %}
),

cohorts as (
    select
        cohort_month,
        dimension_name,
        dimension_value,
        count(*) as cohort_size
    from memberships
    group by cohort_month, dimension_name, dimension_value
),

activity as (
    select
        memberships.cohort_month,
        memberships.dimension_name,
        memberships.dimension_value,
        customer_months.month as period_month,
        sum(case when customer_months.is_buyer then 1 else 0 end) as active_customers,
        sum(customer_months.revenue_lines) as revenue_lines,
        sum(customer_months.priced_lines) as priced_lines,
        sum(customer_months.net_revenue) as net_revenue,
        sum(customer_months.real_lines) as real_lines,
        sum(customer_months.costed_lines) as costed_lines,
        sum(customer_months.gross_margin) as gross_margin
    from memberships
    inner join {{ ref('fct_customer_months') }} as customer_months on memberships.customer_id = customer_months.customer_id
    group by memberships.cohort_month, memberships.dimension_name, memberships.dimension_value, customer_months.month
),

periods as (
    select
        cohorts.*,
        months.month as period_month,
        months.is_complete,
        true as is_in_calendar
    from cohorts
    inner join months on cohorts.cohort_month <= months.month
    union all
    -- before the calendar there are no rows, but the life of the cohort has begun
    select
        cohorts.*,
        activity.period_month,
        true as is_complete,
        false as is_in_calendar
    from cohorts
    inner join activity
        on
            cohorts.cohort_month = activity.cohort_month
            and cohorts.dimension_name = activity.dimension_name
            and cohorts.dimension_value = activity.dimension_value
            and activity.period_month < (select min(month) from months)
),

spine as (
    select
        periods.*,
        {{ months_between('periods.cohort_month', 'periods.period_month') }} as months_since_first_purchase
    from periods
),

measured as (
    select
        spine.*,
        coalesce(activity.active_customers, 0) as active_customers,
        {{ known_sum('activity.net_revenue', 'activity.revenue_lines', 'activity.priced_lines') }} as net_revenue,
        {{ known_sum('activity.gross_margin', 'activity.real_lines', 'activity.costed_lines') }} as gross_margin,
        sum(coalesce(activity.real_lines, 0)) over cohort_life as lines_so_far,
        sum(coalesce(activity.costed_lines, 0)) over cohort_life as costed_lines_so_far,
        sum(coalesce(activity.gross_margin, 0)) over cohort_life as margin_so_far
    from spine
    left join activity
        on
            spine.cohort_month = activity.cohort_month
            and spine.dimension_name = activity.dimension_name
            and spine.dimension_value = activity.dimension_value
            and spine.period_month = activity.period_month
    window cohort_life as (
        partition by spine.cohort_month, spine.dimension_name, spine.dimension_value
        order by spine.months_since_first_purchase
        rows between unbounded preceding and current row
    )
),

based as (
    select
        measured.*,
        first_value(net_revenue) over (
            partition by cohort_month, dimension_name, dimension_value order by months_since_first_purchase
        ) as first_month_net_revenue
    from measured
),

final as (
    select
        cohort_month,
        dimension_name,
        dimension_value,
        months_since_first_purchase,
        period_month,
        is_complete,
        cast(cohort_size as bigint) as cohort_size,
        -- half a month is not the month: an open one has no measure
        case when is_complete and availability.retention_rate then cast(active_customers as bigint) end as active_customers,
        case when is_complete and availability.retention_rate then {{ safe_divide('active_customers', 'cohort_size') }} end as retention_rate,
        case when is_complete and availability.retention_rate then cast(net_revenue as {{ money_type() }}) end as net_revenue,
        case when is_complete and availability.retention_rate then {{ safe_divide('net_revenue', 'first_month_net_revenue') }} end as revenue_retention_rate,
        case when is_complete and availability.gross_margin then cast(based.gross_margin as {{ money_type() }}) end as gross_margin,
        case when is_complete and availability.gross_margin then {{ safe_divide(known_sum('margin_so_far', 'lines_so_far', 'costed_lines_so_far'), 'cohort_size') }} end
            as cumulative_margin_per_customer,
        case when is_complete and availability.retention_rate then cast({{ wilson_bound('active_customers', 'cohort_size', -1) }} as double) end as retention_rate_low,
        case when is_complete and availability.retention_rate then cast({{ wilson_bound('active_customers', 'cohort_size', 1) }} as double) end as retention_rate_high,
        cohort_size < {{ var('low_n_threshold') }} as retention_rate_is_low_n
    from based
    cross join availability
    where is_in_calendar
)

select * from final
