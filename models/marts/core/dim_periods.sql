-- grain: one row per period_type (month, quarter, year) and period_start that the calendar touches
with calendar as (
    select
        first_day,
        last_day,
        as_of_date
    from {{ ref('int_calendar') }}
),

holidays as (
    select distinct holiday_date from {{ ref('stg_crm__holidays') }}
    where region is null
),

-- whole years, so that the working days of a quarter in progress are known
bounds as (
    select
        calendar.*,
        cast({{ dbt.date_trunc('year', 'calendar.first_day') }} as date) as first_year_day
    from calendar
),

days as (
    select
        {{ add_days('bounds.first_year_day', 'numbers.number') }} as date_day,
        bounds.first_day,
        bounds.as_of_date
    from bounds
    inner join {{ ref('int_numbers') }} as numbers
        on numbers.number < {{ days_between('bounds.first_year_day', add_months(dbt.date_trunc('year', 'bounds.last_day'), 12)) }}
),

working as (
    select
        days.*,
        {{ iso_weekday('days.date_day') }} <= 5 and holidays.holiday_date is null as is_working_day
    from days
    left join holidays on days.date_day = holidays.holiday_date
),

periods as (
    {% for type, months in period_types().items() %}
    {% if not loop.first %}union all{% endif %}
    select
        '{{ type }}' as period_type,
        {{ months }} as months_in_period,
        cast({{ dbt.date_trunc(type, 'date_day') }} as date) as period_start,
        min(as_of_date) as as_of_date,
        min(first_day) as first_day,
        count(*) as days_in_period,
        sum(case when date_day >= first_day and date_day <= as_of_date then 1 else 0 end) as elapsed_days,
        sum(case when is_working_day then 1 else 0 end) as working_days,
        sum(case when is_working_day and date_day <= as_of_date then 1 else 0 end) as elapsed_working_days
    from working
    group by cast({{ dbt.date_trunc(type, 'date_day') }} as date)
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
        cast(working_days as bigint) as working_days,
        cast(elapsed_working_days as bigint) as elapsed_working_days,
        as_of_date
    from ended
)

select * from final
