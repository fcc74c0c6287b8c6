-- The pulse of the business: strong spring and fourth quarter, weak August, one price rise each January.
-- The last month is open: `share` is the part of its working days that has passed.
create table work.months as
with months as (
    select
        cast(i as integer) as month_index,
        cast(date '2023-01-01' + to_months(cast(i as integer)) as date) as month_start,
        list_extract(
            [0.90, 0.95, 1.08, 0.98, 0.94, 1.10, 0.88, 0.52, 1.08, 1.08, 1.16, 1.33],
            1 + cast(i as integer) % 12
        ) as season,
        1 + 0.011 * i as growth,
        list_extract([1.00, 1.04, 1.07], 1 + cast(i as integer) // 12) as price_index
    from range(getvariable('months')) as months (i)
),

working_days as (
    select
        month_of(day) as month_index,
        list(cast(day as date) order by day) filter (where day <= getvariable('last_day')) as working_days,
        count(*) filter (where day <= getvariable('last_day')) / count(*) as share
    from range(date '2023-01-01', last_day(getvariable('last_day')) + interval 1 day, interval 1 day) as days (day)
    where extract(isodow from day) <= 5
        and day not in (select holiday_date from raw.holidays where region is null or region = 'Île-de-France')
    group by month_of(day)
)

select
    months.month_index,
    months.month_start,
    cast(last_day(months.month_start) as date) as month_end,
    cast(months.season as double) as season,
    cast(months.growth as double) as growth,
    cast(months.price_index as double) as price_index,
    working_days.working_days,
    working_days.share,
    cast(months.season * months.growth as double) * working_days.share
        / sum(cast(months.season * months.growth as double) * working_days.share) over () as weight
from months
inner join working_days on months.month_index = working_days.month_index
order by months.month_index;

-- Splits a yearly total over the months by weight; the parts add up to the total.
create macro monthly_counts(total) as table
    select
        month_index,
        cast(round(total * cumulative) - round(total * (cumulative - weight)) as bigint) as events
    from (select month_index, weight, sum(weight) over (order by month_index) as cumulative from work.months);
