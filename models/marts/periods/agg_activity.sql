-- grain: one row per period_type and period_start: the additive KPIs of the company and its staff
with availability as (
    {{ availability(additive_metrics() + ['active_reps', 'fte']) | indent }}
),

periods as (
    select
        period_type,
        period_start,
        counted_from,
        period_end,
        elapsed_days
    from {{ ref('dim_periods') }}
),

period_parts as (
    select
        periods.period_type,
        periods.period_start,
        {{ summed_parts('parts') }}
    from {{ ref('fct_rep_team_days') }} as parts
    inner join periods on {{ in_period('periods', 'parts.date_day') }}
    group by periods.period_type, periods.period_start
),

staff as (
    select
        periods.period_type,
        periods.period_start,
        count(distinct days.rep_id) as active_reps,
        sum(days.fte) as fte_days
    from {{ ref('fct_rep_days') }} as days
    inner join periods on {{ in_period('periods', 'days.date_day') }}
    where days.is_employed
    group by periods.period_type, periods.period_start
),

cycles as (
    select
        periods.period_type,
        periods.period_start,
        median(deals.sales_cycle_days) as median_sales_cycle_days
    from {{ ref('fct_opportunities') }} as deals
    inner join periods on {{ in_period('periods', 'deals.close_date') }}
    where deals.is_won
    group by periods.period_type, periods.period_start
),

final as (
    select
        periods.period_type,
        periods.period_start,
        cast(case when availability.active_reps then coalesce(staff.active_reps, 0) end as bigint) as active_reps,
        case when availability.fte then {{ safe_divide('coalesce(staff.fte_days, 0)', 'periods.elapsed_days') }} end as fte,
        {{ finished_kpis() }},
        case when availability.opportunities_won then cast(cycles.median_sales_cycle_days as double) end as median_sales_cycle_days
    from periods
    cross join availability
    left join period_parts as parts on periods.period_type = parts.period_type and periods.period_start = parts.period_start
    left join staff on periods.period_type = staff.period_type and periods.period_start = staff.period_start
    left join cycles on periods.period_type = cycles.period_type and periods.period_start = cycles.period_start
)

select * from final
