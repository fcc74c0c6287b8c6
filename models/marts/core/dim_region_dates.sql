-- grain: one row per region and calendar day; region_key '' is a team without a region, and the company
with days as (
    select
        working.region_key,
        dates.date_day,
        dates.month,
        dates.is_elapsed,
        working.is_working_day
    from {{ ref('dim_dates') }} as dates
    inner join {{ ref('int_working_days') }} as working on dates.date_day = working.date_day
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
