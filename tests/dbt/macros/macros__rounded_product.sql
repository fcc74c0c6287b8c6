-- A product of two decimals is rounded half-up to 4 decimals once, from its exact value; large factors do not overflow.
with cases as (
    {% set cases = [
        ("'0.5'", "'0.3333'", "'0.1667'"), ("'-0.5'", "'0.3333'", "'-0.1667'"), ("'0.5'", "'0.0001'", "'0.0001'"),
        ("'1.0049'", "'1.0001'", "'1.005'"), ("'99999999.9999'", "'100000'", "'9999999999990'"),
        ("'99999999999999.9999'", "'1'", "'99999999999999.9999'"), ('null', "'1'", 'null'), ("'1'", 'null', 'null'),
    ] %}
    {% for first, second, expected in cases %}
    {% if not loop.first %}union all{% endif %}
    select
        cast({{ first }} as {{ money_type() }}) as first_factor,
        cast({{ second }} as {{ money_type() }}) as second_factor,
        cast({{ expected }} as {{ money_type() }}) as expected
    {% endfor %}
),

-- the second factor is a rate here, with 8 decimals
rate_cases as (
    {% set cases = [
        ("'33.3333'", "'0.91234567'", "'30.4115'"), ("'33.3333'", 'null', 'null'), ("'99999999999999.9999'", "'1'", "'99999999999999.9999'"),
        ("'0.0001'", "'0.5'", "'0.0001'"), ("'0.0001'", "'0.49999999'", "'0'"),
    ] %}
    {% for first, second, expected in cases %}
    {% if not loop.first %}union all{% endif %}
    select
        cast({{ first }} as {{ money_type() }}) as first_factor,
        cast({{ second }} as {{ rate_type() }}) as second_factor,
        cast({{ expected }} as {{ money_type() }}) as expected
    {% endfor %}
),

multiplied as (
    select
        cast(first_factor as {{ dbt.type_string() }}) as first_factor,
        cast(second_factor as {{ dbt.type_string() }}) as second_factor,
        expected,
        {{ rounded_product('first_factor', 'second_factor') }} as actual
    from cases
    union all
    select
        cast(first_factor as {{ dbt.type_string() }}) as first_factor,
        cast(second_factor as {{ dbt.type_string() }}) as second_factor,
        expected,
        {{ to_reporting_currency('first_factor', 'second_factor') }} as actual
    from rate_cases
)

select *
from multiplied
where actual is distinct from expected
