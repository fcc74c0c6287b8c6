-- A random walk in millionths. No rates on weekends and on the days when markets rest, as in a central bank's file;
-- there is none at all for CHF, in which a few orders are written.
create table raw.exchange_rates as
with walks as (
    select cast(day as date) as rate_date, currency, start_rate
    from range(date '2022-12-30', getvariable('last_day') + interval 1 day, interval 1 day) as days (day)
    cross join (values ('GBP', 1145000), ('USD', 932000)) as currencies (currency, start_rate)
    where extract(isodow from day) <= 5
        and day not in (select holiday_date from raw.holidays where region is null or region = 'UK')
)

select
    rate_date,
    currency,
    cast(
        start_rate + sum(draw_integer('rate.' || currency, epoch(rate_date), 4601) - 2300) over (
            partition by currency order by rate_date
        ) as decimal(18, 8)
    ) / 1000000 as rate,
    cast(null as varchar) as _plant
from walks;

alter table raw.exchange_rates alter rate type decimal(18, 8);
