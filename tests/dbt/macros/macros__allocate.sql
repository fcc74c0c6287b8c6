-- Parts add up to the amount: each is cut towards zero, the last one by the order takes the remainder.
-- Weights below 0 count 0; when all are 0 they weigh the same.
with parts as (
    {% set cases = [
        ('thirds', '10', ['1', '1', '1'], ['3.3333', '3.3333', '3.3334']),
        ('negative', '-10', ['1', '1', '1'], ['-3.3333', '-3.3333', '-3.3334']),
        ('by weight', '10', ['100', '50', '0'], ['6.6666', '3.3333', '0.0001']),
        ('last has no weight', '0.0001', ['1', '1', '0'], ['0', '0', '0.0001']),
        ('all zero', '1', ['0', '0'], ['0.5', '0.5']),
        ('all negative', '1', ['-3', '-7'], ['0.5', '0.5']),
        ('one negative', '9', ['-5', '1', '2'], ['0', '3', '6']),
        ('no weight known', '1', [none, none], ['0.5', '0.5']),
        ('one weight unknown', '9', ['1', none, '2'], ['3', '0', '6']),
        ('nothing', '0', ['1', '2'], ['0', '0']),
        ('unknown amount', none, ['1', '2'], [none, none]),
        ('one part', '12.3457', ['0.2'], ['12.3457']),
        ('huge', '99999999999999.9999', ['1', '1', '1'], ['33333333333333.3333', '33333333333333.3333', '33333333333333.3333']),
        ('huge shares', '99999999999999.9999', ['0.33333333', '0.33333333', '0.33333334'],
            ['33333332999999.9999', '33333332999999.9999', '33333334000000.0001']),
    ] %}
    {% for name, amount, weights, expected in cases %}{% for weight in weights %}
    {% if not (loop.first and name == 'thirds') %}union all{% endif %}
    select
        '{{ name }}' as case_name,
        {{ loop.index }} as place,
        cast({{ "'" ~ amount ~ "'" if amount is not none else 'null' }} as {{ money_type() }}) as amount,
        cast({{ "'" ~ weight ~ "'" if weight is not none else 'null' }} as {{ credit_type() }}) as weight,
        {% set part = expected[loop.index0] %}
        cast({{ "'" ~ part ~ "'" if part is not none else 'null' }} as {{ money_type() }}) as expected
    {% endfor %}{% endfor %}
),

allocated as (
    {{ allocate('parts', {'part': 'amount'}, 'weight', ['case_name'], ['place']) | indent }}
),

compared as (
    select
        case_name,
        place,
        expected,
        part,
        amount,
        sum(part) over (partition by case_name) as sum_of_parts
    from allocated
)

select *
from compared
where part is distinct from expected or sum_of_parts is distinct from amount
