-- grain: one row per calendar day, from the month of start_date to the month of as_of_date
with days as (
    select
        {{ add_days('calendar.first_day', 'numbers.number') }} as date_day,
        calendar.as_of_date
    from {{ ref('int_calendar') }} as calendar
    inner join {{ ref('int_numbers') }} as numbers on numbers.number <= {{ days_between('calendar.first_day', 'calendar.last_day') }}
),

-- of the company: holidays of a region are in dim_region_dates
fiscal as (
    select
        days.*,
        {{ add_months('days.date_day', 1 - var('fiscal_year_start_month')) }} as shifted_day,
        working.is_holiday,
        working.is_working_day
    from days
    inner join {{ ref('int_working_days') }} as working on days.date_day = working.date_day and working.region_key = ''
),

final as (
    select
        fiscal.date_day,
        {{ month_of('fiscal.date_day') }} as month,
        cast({{ dbt.date_trunc('quarter', 'fiscal.date_day') }} as date) as quarter,
        cast({{ dbt.date_trunc('year', 'fiscal.date_day') }} as date) as year,
        cast({{ dbt.date_trunc('week', 'fiscal.date_day') }} as date) as iso_week,
        cast({{ iso_weekday('fiscal.date_day') }} as bigint) as iso_weekday,
        -- a fiscal year is named after the calendar year in which it ends
        cast(extract(year from fiscal.shifted_day) as bigint) + {{ 0 if var('fiscal_year_start_month') == 1 else 1 }} as fiscal_year,
        cast(extract(quarter from fiscal.shifted_day) as bigint) as fiscal_quarter,
        cast(extract(month from fiscal.shifted_day) as bigint) as fiscal_month,
        fiscal.is_holiday,
        fiscal.is_working_day,
        fiscal.date_day <= fiscal.as_of_date as is_elapsed,
        {{ month_end('fiscal.date_day') }} <= fiscal.as_of_date as is_complete_month
    from fiscal
)

select * from final
