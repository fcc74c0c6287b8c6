-- grain: one row per region_key and day of the years that the calendar touches, so that the working days of a period in progress are known
with calendar as (
    select
        cast({{ dbt.date_trunc('year', 'first_day') }} as date) as first_year_day,
        {{ add_months(dbt.date_trunc('year', 'last_day'), 12) }} as next_year_day
    from {{ ref('int_calendar') }}
),

days as (
    select {{ add_days('calendar.first_year_day', 'numbers.number') }} as date_day
    from calendar
    inner join {{ ref('int_numbers') }} as numbers on numbers.number < {{ days_between('calendar.first_year_day', 'calendar.next_year_day') }}
),

regions as (
    select distinct region as region_key from {{ ref('int_teams') }}
    where region is not null
    union
    select '' as region_key
),

-- holidays without a region are everybody's
holidays as (
    select distinct
        coalesce(region, '') as region_key,
        holiday_date
    from {{ ref('stg_crm__holidays') }}
),

final as (
    select
        regions.region_key,
        days.date_day,
        own_holidays.holiday_date is not null or common_holidays.holiday_date is not null as is_holiday,
        {{ iso_weekday('days.date_day') }} <= 5 and own_holidays.holiday_date is null and common_holidays.holiday_date is null as is_working_day
    from regions
    cross join days
    left join holidays as own_holidays on regions.region_key = own_holidays.region_key and days.date_day = own_holidays.holiday_date
    left join holidays as common_holidays on common_holidays.region_key = '' and days.date_day = common_holidays.holiday_date
)

select * from final
