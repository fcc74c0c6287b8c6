-- grain: one row per region and calendar day; region_key '' is a team without a region, and the company
with regions as (
    select distinct region_key from {{ ref('dim_teams') }}
    union
    select '' as region_key
),

holidays as (
    select distinct
        region,
        holiday_date
    from {{ ref('stg_crm__holidays') }}
    where region is not null
),

days as (
    select
        regions.region_key,
        dates.date_day,
        dates.month,
        dates.is_elapsed,
        dates.is_working_day and holidays.holiday_date is null as is_working_day
    from regions
    cross join {{ ref('dim_dates') }} as dates
    left join holidays on regions.region_key = holidays.region and dates.date_day = holidays.holiday_date
),

final as (
    select
        region_key,
        date_day,
        month,
        is_working_day,
        -- working days of the month up to and including this one
        cast(sum(case when is_working_day then 1 else 0 end) over (
            partition by region_key, month order by date_day rows between unbounded preceding and current row
        ) as bigint) as working_day_of_month,
        cast(sum(case when is_working_day then 1 else 0 end) over (partition by region_key, month) as bigint) as working_days_in_month,
        cast(sum(case when is_working_day and is_elapsed then 1 else 0 end) over (partition by region_key, month) as bigint)
            as elapsed_working_days_in_month
    from days
)

select * from final
