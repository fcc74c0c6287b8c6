-- A text is a value of a type by its lexical form alone, however an engine's cast would take it; else it is NULL.
with cases as (
    {% set cases = [
        ('decimal', '12.50', '12.5000'), ('decimal', ' -3 ', '-3.0000'), ('decimal', '+0.00005', '0.0001'), ('decimal', '007', '7.0000'),
        ('decimal', '1e3', none), ('decimal', '12,50', none), ('decimal', '5.', none), ('decimal', '1 000', none), ('decimal', '', none),
        ('decimal', '   ', none), ('decimal', '-', none), ('decimal', '--1', none), ('decimal', '1.2.3', none), ('decimal', 'NaN', none),
        ('decimal', '999999999999.99', '999999999999.9900'), ('decimal', '1000000000000', none), ('decimal', '0x1F', none), ('decimal', '１２', none),
        ('rate', '0.123456785', '0.12345679'), ('share', '0.3333333349', '0.33333333'), ('share', '10', none),
        ('integer', '42', '42'), ('integer', ' 42 ', '42'), ('integer', '-1', '-1'), ('integer', '2.5', none), ('integer', '2.0', none),
        ('integer', '1e3', none), ('integer', '999999999999', '999999999999'), ('integer', '1000000000000', none),
        ('boolean', 'TRUE', 'true'), ('boolean', '1', 'true'), ('boolean', ' t ', 'true'), ('boolean', 'Yes', 'true'),
        ('boolean', 'False', 'false'), ('boolean', '0', 'false'), ('boolean', 'F', 'false'), ('boolean', 'NO', 'false'),
        ('boolean', 'y', none), ('boolean', 'on', none), ('boolean', '2', none), ('boolean', 'oui', none), ('boolean', '', none),
        ('date', '2024-02-29', '2024-02-29'), ('date', ' 2024-01-05 ', '2024-01-05'), ('date', '2024-1-5', none), ('date', '2023-02-29', none),
        ('date', '31/02', none), ('date', '05/01/2024', none), ('date', '20240105', none), ('date', '2024-01-05T00:00:00', none),
        ('date', '2024-01-05 BC', none), ('date', 'infinity', none), ('date', 'today', none),
        ('timestamp', '2024-01-05T10:00:00Z', '2024-01-05 10:00:00'), ('timestamp', '2024-01-05 10:00', '2024-01-05 10:00:00'),
        ('timestamp', '2024-01-05T10:00:00+02:00', '2024-01-05 08:00:00'), ('timestamp', '2024-01-05T10:00:00-0330', '2024-01-05 13:30:00'),
        ('timestamp', '2024-01-05T23:30:00-02', '2024-01-06 01:30:00'), ('timestamp', '2024-01-05T10:00:00.5Z', '2024-01-05 10:00:00.5'),
        ('timestamp', '2024-01-05T24:00:00Z', none), ('timestamp', '2024-01-05T10:60:00Z', none), ('timestamp', '2024-01-05T10', none),
        ('timestamp', '2024-01-05T1:00:00', none), ('timestamp', '2024-02-30T10:00:00', none), ('timestamp', '05/01/2024 10:00', none),
        ('timestamp', 'now', none), ('timestamp', 'epoch', none), ('timestamp', '1704448800', none),
        ('text', ' as is ', ' as is '), ('text', '', none), ('text', '   ', none), ('text', 'é', 'é'),
    ] %}
    {% for type, value, expected in cases %}
    {% if not loop.first %}union all{% endif %}
    select
        {{ loop.index }} as case_number,
        '{{ type }}' as type_name,
        '{{ value }}' as raw_value,
        cast({{ "'" ~ expected ~ "'" if expected is not none else 'null' }} as {{ dbt.type_string() }}) as expected
    {% endfor %}
),

read_cases as (
    select
        *,
        case type_name
            {% for type in ['text', 'decimal', 'rate', 'share', 'integer', 'boolean', 'date', 'timestamp'] %}
            when '{{ type }}' then cast({{ read_value('raw_value', type, {}) }} as {{ dbt.type_string() }})
            {% endfor %}
        end as actual
    from cases
)

select
    case_number,
    type_name,
    raw_value,
    expected,
    actual
from read_cases
where actual is distinct from expected
