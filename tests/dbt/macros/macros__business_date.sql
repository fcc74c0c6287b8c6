-- The date of an instant in the reporting time zone: around midnight in winter and summer time, at the ends of months
-- and on the days of change. What is expected holds in Europe/Paris, the default.
with cases as (
    {% set cases = [
        ('2024-01-31 22:59:59', '2024-01-31'), ('2024-01-31 23:00:00', '2024-02-01'),
        ('2024-02-29 22:59:59', '2024-02-29'), ('2024-02-29 23:00:00', '2024-03-01'),
        ('2024-07-31 21:59:59', '2024-07-31'), ('2024-07-31 22:00:00', '2024-08-01'),
        ('2024-03-30 23:00:00', '2024-03-31'), ('2024-03-31 00:59:59', '2024-03-31'), ('2024-03-31 01:00:00', '2024-03-31'),
        ('2024-03-31 21:59:59', '2024-03-31'), ('2024-03-31 22:00:00', '2024-04-01'),
        ('2024-10-26 22:00:00', '2024-10-27'), ('2024-10-27 00:30:00', '2024-10-27'), ('2024-10-27 01:30:00', '2024-10-27'),
        ('2024-10-27 22:59:59', '2024-10-27'), ('2024-10-27 23:00:00', '2024-10-28'),
        ('2023-12-31 22:59:59', '2023-12-31'), ('2023-12-31 23:00:00', '2024-01-01'),
    ] %}
    {% for instant, expected in cases %}
    {% if not loop.first %}union all{% endif %}
    select
        cast('{{ instant }}' as timestamp) as instant,
        cast('{{ expected }}' as date) as expected
    {% endfor %}
    union all
    select
        cast(null as timestamp) as instant,
        cast(null as date) as expected
),

dated as (
    select
        instant,
        expected,
        {{ business_date('instant') }} as actual
    from cases
)

select *
from dated
where '{{ var("reporting_time_zone") }}' = 'Europe/Paris' and actual is distinct from expected
