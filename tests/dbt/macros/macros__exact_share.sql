-- amount × weight / total is cut towards zero at the scale, exactly also where a double is off.
-- An unknown amount or a total of 0 has no share: NULL.
with cases as (
    {% set cases = [
        ("'10'", 1, 3, "'3.3333'"), ("'-10'", 1, 3, "'-3.3333'"), ("'10'", 2, 3, "'6.6666'"), ("'0.0001'", 1, 2, "'0'"), ("'10'", 0, 3, "'0'"),
        ("'99999999999999.9999'", 1, 1, "'99999999999999.9999'"), ("'99999999999999.9999'", '0.33333333', 1, "'33333332999999.9999'"),
        ("'12345678901234.5678'", 1, 7, "'1763668414462.0811'"), ('null', 1, 3, 'null'), ("'10'", 0, 0, 'null'),
    ] %}
    {% for amount, weight, total, expected in cases %}
    {% if not loop.first %}union all{% endif %}
    select
        cast({{ amount }} as {{ money_type() }}) as amount,
        cast({{ weight }} as {{ rate_type() }}) as weight,
        cast({{ total }} as {{ rate_type() }}) as total,
        cast({{ expected }} as {{ money_type() }}) as expected
    {% endfor %}
),

shared as (
    select
        *,
        {{ exact_share('amount', 'weight', 'total') }} as actual
    from cases
)

select *
from shared
where actual is distinct from expected
