-- grain: one row per period_type (month, quarter, year) and period_start that the calendar touches
with calendar as (
    select
        first_day,
        as_of_date
    from {{ ref('int_calendar') }}
),

periods as (
    {% for type, months in period_types().items() %}
    {% if not loop.first %}union all{% endif %}
    select
        '{{ type }}' as period_type,
        {{ months }} as months_in_period,
        cast({{ dbt.date_trunc(type, 'days.date_day') }} as date) as period_start,
        min(calendar.as_of_date) as as_of_date,
        min(calendar.first_day) as first_day,
        count(*) as days_in_period,
        sum(case when days.date_day >= calendar.first_day and days.date_day <= calendar.as_of_date then 1 else 0 end) as elapsed_days
    from {{ ref('int_working_days') }} as days
    cross join calendar
    where days.region_key = ''
    group by cast({{ dbt.date_trunc(type, 'days.date_day') }} as date)
    {% endfor %}
),

ended as (
    select
        *,
        {{ add_days(add_months('period_start', 'months_in_period'), -1) }} as period_end
    from periods
    where elapsed_days > 0
),

final as (
    select
        period_type,
        period_start,
        period_end,
        period_end <= as_of_date as is_complete_period,
        -- states of an open period are those of the as-of date
        least(period_end, as_of_date) as measured_on,
        -- what is before the calendar counts in no period
        greatest(period_start, first_day) as counted_from,
        {{ add_days('period_start', -1) }} as evening_before,
        {{ add_months('period_start', '-months_in_period') }} as previous_period_start,
        {{ add_months('period_start', -12) }} as year_earlier_period_start,
        cast(months_in_period as bigint) as months_in_period,
        cast(days_in_period as bigint) as days_in_period,
        cast(elapsed_days as bigint) as elapsed_days,
        as_of_date
    from ended
)

select * from final
