-- Ends of months of every length, months added to the 31st, ISO weekdays, differences that may be negative.
with results as (
    {% set checks = [
        (month_end("cast('2024-02-01' as date)"), '2024-02-29'), (month_end("cast('2023-02-28' as date)"), '2023-02-28'),
        (month_end("cast('2024-12-31' as date)"), '2024-12-31'), (month_end("cast('2024-04-15' as date)"), '2024-04-30'),
        (month_of("cast('2024-02-29' as date)"), '2024-02-01'), (month_of("cast('2024-02-01' as date)"), '2024-02-01'),
        (add_months("cast('2024-01-31' as date)", 1), '2024-02-29'), (add_months("cast('2023-01-31' as date)", 1), '2023-02-28'),
        (add_months("cast('2024-03-31' as date)", -1), '2024-02-29'), (add_months("cast('2024-02-29' as date)", -12), '2023-02-28'),
        (add_months("cast('2024-12-31' as date)", 2), '2025-02-28'), (add_days("cast('2024-02-28' as date)", 2), '2024-03-01'),
        (add_days("cast('2024-03-01' as date)", -1), '2024-02-29'),
        (add_days("cast('2024-02-28' as date)", 'cast(2 as bigint)'), '2024-03-01'), (add_months("cast('2024-02-29' as date)", 1), '2024-03-29'),
        (add_months("cast('2024-01-31' as date)", 'cast(13 as bigint)'), '2025-02-28'), (add_days('cast(null as date)', 1), none),
        (days_between("cast('2024-01-01' as date)", 'cast(null as date)'), none), (months_between('cast(null as date)', "cast('2024-01-01' as date)"), none),
        (iso_weekday("cast('2024-01-01' as date)"), '1'), (iso_weekday("cast('2024-01-06' as date)"), '6'),
        (iso_weekday("cast('2024-01-07' as date)"), '7'),
        (days_between("cast('2024-02-28' as date)", "cast('2024-03-01' as date)"), '2'),
        (days_between("cast('2024-03-01' as date)", "cast('2024-02-28' as date)"), '-2'),
        (days_between("cast('2024-03-01' as date)", "cast('2024-03-01' as date)"), '0'),
        (months_between("cast('2024-01-31' as date)", "cast('2024-02-01' as date)"), '1'),
        (months_between("cast('2023-12-01' as date)", "cast('2025-01-01' as date)"), '13'),
        (months_between("cast('2024-02-01' as date)", "cast('2024-01-31' as date)"), '-1'),
    ] %}
    {% for expression, expected in checks %}
    {% if not loop.first %}union all{% endif %}
    select
        {{ loop.index }} as check_number,
        {{ "'" ~ expected ~ "'" if expected is not none else 'null' }} as expected,
        cast({{ expression }} as {{ dbt.type_string() }}) as actual
    {% endfor %}
)

select *
from results
where actual is distinct from expected
