{#
  Every value of the column is from min_value to max_value, both included and compared exactly; NULL is no value and passes.
  A bound is a number, an SQL literal or another column of the row (`max_value: working_days_in_month`). `is_strict`: the bounds are excluded.
#}
{% test in_range(model, column_name, min_value=none, max_value=none, is_strict=false) %}
{% if min_value is none and max_value is none %}
    {{ exceptions.raise_compiler_error("in_range on " ~ column_name ~ " needs min_value, max_value or both: without them it cannot fail") }}
{% endif %}
select *
from {{ model }}
where
    {% if min_value is not none %}{{ column_name }} {{ '<=' if is_strict else '<' }} {{ min_value }}{% endif %}
    {% if min_value is not none and max_value is not none %}or{% endif %}
    {% if max_value is not none %}{{ column_name }} {{ '>=' if is_strict else '>' }} {{ max_value }}{% endif %}
{% endtest %}
