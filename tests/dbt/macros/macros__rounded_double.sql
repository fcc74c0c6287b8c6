-- A double is rounded half-up from the digits that it is written with, also where its binary value lies below the half.
with cases as (
    {% set cases = [
        ('6442.90875', '6442.9088'), ('-6442.90875', '-6442.9088'), ('1.00005', '1.0001'), ('0.00005', '0.0001'), ('0.00004999', '0'), ('2.5e-7', '0'),
        ('1.0', '1'), ('0.0', '0'), ('12345678901.25', '12345678901.25'), ('1e13', '10000000000000'), (none, none),
    ] %}
    {% for value, expected in cases %}
    {% if not loop.first %}union all{% endif %}
    select
        cast({{ "'" ~ value ~ "'" if value is not none else 'null' }} as double) as number_of_case,
        cast({{ "'" ~ expected ~ "'" if expected is not none else 'null' }} as {{ money_type() }}) as expected
    {% endfor %}
),

-- what a quotient leaves, two thirds, keeps the digits of a wider type
rounded as (
    select
        number_of_case,
        expected,
        {{ rounded_double('number_of_case') }} as actual
    from cases
    union all
    select
        cast(2 as double) / 3 as number_of_case,
        cast('0.6667' as {{ money_type() }}) as expected,
        cast({{ rounded_double('cast(2 as double) / 3', 'decimal(38, 16)') }} as {{ money_type() }}) as actual
)

select *
from rounded
where actual is distinct from expected
