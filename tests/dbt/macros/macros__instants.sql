-- An instant is its UTC wall time: an offset in the text or a time zone of the column moves it, a text without one is UTC.
with results as (
    {% set checks = [
        (parse_instant("'2024-03-31T01:30:00Z'"), '2024-03-31 01:30:00'), (parse_instant("'2024-03-31 01:30:00'"), '2024-03-31 01:30:00'),
        (parse_instant("'2024-01-05T10:00:00+02:00'"), '2024-01-05 08:00:00'), (parse_instant("'2024-01-05T23:30:00-02:30'"), '2024-01-06 02:00:00'),
        (parse_instant("'not an instant'"), none),
        (utc_wall_time("cast('2024-10-27 02:30:00+02:00' as " ~ zoned_type() ~ ')'), '2024-10-27 00:30:00'),
        (utc_wall_time('cast(null as ' ~ zoned_type() ~ ')'), none),
    ] %}
    {% for expression, expected in checks %}
    {% if not loop.first %}union all{% endif %}
    select
        {{ loop.index }} as check_number,
        cast({{ "'" ~ expected ~ "'" if expected is not none else 'null' }} as timestamp) as expected,
        {{ expression }} as actual
    {% endfor %}
)

select
    check_number,
    cast(expected as {{ dbt.type_string() }}) as expected,
    cast(actual as {{ dbt.type_string() }}) as actual
from results
where actual is distinct from expected

union all

-- hours are counted from whole seconds, and may be negative
select
    0 as check_number,
    'one and a half hours' as expected,
    cast(hours as {{ dbt.type_string() }}) as actual
from (
    select {{ hours_between("cast('2024-01-31 23:30:00.25' as timestamp)", "cast('2024-02-01 01:00:00.75' as timestamp)") }} as hours
    union all
    select 0 - {{ hours_between("cast('2024-02-01 01:00:00' as timestamp)", "cast('2024-01-31 23:30:00' as timestamp)") }} as hours
) as measured
where hours is distinct from 1.5
