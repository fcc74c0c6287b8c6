-- A ratio is a double, and NULL where its denominator is 0 or NULL: never infinite, never an error, never 0.
with cases as (
    {% set cases = [
        (1, 4, 0.25), (-1, 4, -0.25), (0, 4, 0), (7, 2, 3.5), (1, 0, 'null'), (0, 0, 'null'), (1, 'null', 'null'), ('null', 4, 'null'),
    ] %}
    {% for numerator, denominator, expected in cases %}
    {% if not loop.first %}union all{% endif %}
    select
        cast({{ numerator }} as integer) as numerator,
        cast({{ denominator }} as integer) as denominator,
        cast({{ expected }} as double) as expected
    {% endfor %}
),

divided as (
    select
        numerator,
        denominator,
        expected,
        {{ safe_divide('numerator', 'denominator') }} as actual
    from cases
)

select *
from divided
where actual is distinct from expected
