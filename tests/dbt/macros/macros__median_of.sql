-- The median is the one in the middle, of an even number the mean of two; unknown values do not count, and none have no median.
with cases as (
    {% set cases = [('odd', [3, 1, 2], '2'), ('even', [4, 1, 2, 3], '2.5'), ('some unknown', [none, 1, 2], '1.5'), ('none', [none], 'null')] %}
    {% for name, values, expected in cases %}{% for value in values %}
    {% if not (loop.first and name == 'odd') %}union all{% endif %}
    select
        '{{ name }}' as case_name,
        cast({{ value if value is not none else 'null' }} as double) as number_of_case,
        cast({{ expected }} as double) as expected
    {% endfor %}{% endfor %}
),

computed as (
    select
        case_name,
        expected,
        {{ median_of('number_of_case') }} as actual
    from cases
    group by case_name, expected
)

select *
from computed
where actual is distinct from expected
