-- Midnight of a date in the reporting time zone: 23:00 UTC of the day before in winter, 22:00 in summer (Europe/Paris),
-- and on its own date in any zone.
with cases as (
    {% set cases = [
        ('2024-01-15', '2024-01-14 23:00:00'), ('2024-07-15', '2024-07-14 22:00:00'),
        ('2024-03-31', '2024-03-30 23:00:00'), ('2024-04-01', '2024-03-31 22:00:00'),
        ('2024-10-27', '2024-10-26 22:00:00'), ('2024-10-28', '2024-10-27 23:00:00'),
    ] %}
    {% for day, expected in cases %}
    {% if not loop.first %}union all{% endif %}
    select
        cast('{{ day }}' as date) as date_day,
        cast('{{ expected }}' as timestamp) as expected
    {% endfor %}
),

turned as (
    select
        date_day,
        expected,
        {{ midnight_utc('date_day') }} as actual,
        {{ business_date(midnight_utc('date_day')) }} as day_again
    from cases
)

select *
from turned
where
    day_again <> date_day
    or ('{{ var("reporting_time_zone") }}' = 'Europe/Paris' and actual is distinct from expected)
