-- A sum over rows is 0 without rows, NULL where rows exist and none has a value, else the sum of the known values.
-- A value of 0 is a value.
with cases as (
    {% set cases = [(0, 0, 0, 0), ('null', 'null', 'null', 0), (0, 2, 0, 'null'), (7, 2, 1, 7), (0, 1, 1, 0)] %}
    {% for total, row_count, known_count, expected in cases %}
    {% if not loop.first %}union all{% endif %}
    select
        cast({{ total }} as integer) as total,
        cast({{ row_count }} as integer) as row_count,
        cast({{ known_count }} as integer) as known_count,
        cast({{ expected }} as integer) as expected
    {% endfor %}
),

summed as (
    select
        *,
        {{ known_sum('total', 'row_count', 'known_count') }} as actual
    from cases
)

select *
from summed
where actual is distinct from expected
