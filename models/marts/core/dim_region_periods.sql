-- grain: one row per region_key, period_type and period_start: the working days of a period, also of those to come in it
with final as (
    select
        days.region_key,
        periods.period_type,
        periods.period_start,
        cast(sum(case when days.is_working_day then 1 else 0 end) as bigint) as working_days,
        cast(sum(case when days.is_working_day and days.date_day <= periods.as_of_date then 1 else 0 end) as bigint) as elapsed_working_days
    from {{ ref('dim_periods') }} as periods
    inner join {{ ref('int_working_days') }} as days on periods.period_start <= days.date_day and periods.period_end >= days.date_day
    group by days.region_key, periods.period_type, periods.period_start
)

select * from final
