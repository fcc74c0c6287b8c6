{# The one division of ratios: a double, NULL when the denominator is 0 or NULL. #}
{% macro safe_divide(numerator, denominator) -%}
cast({{ numerator }} as double) / nullif(cast({{ denominator }} as double), 0)
{%- endmacro %}

{# Growth against an earlier value; NULL when that is missing, 0 or negative. #}
{% macro growth_rate(value, earlier) -%}
case when {{ earlier }} > 0 then {{ safe_divide(value ~ ' - ' ~ earlier, earlier) }} end
{%- endmacro %}

{# A bound (-1 low, 1 high) of the 95 % Wilson interval of a proportion, in doubles: exactly 0 and 1 at the ends, where rounding would leave a trace. #}
{% macro wilson_bound(count, n, side) -%}
{%- set p = safe_divide(count, n) -%}
{%- set z = "cast(1.959963984540054 as double)" -%}
case
    when {{ n }} > 0 and {{ count }} = {{ '0' if side < 0 else n }} then cast({{ 0 if side < 0 else 1 }} as double)
    when {{ n }} > 0 and {{ count }} is not null then
    greatest(0, least(1, ({{ p }} + {{ z }} * {{ z }} / (2 * {{ n }}) {{ '-' if side < 0 else '+' }} {{ z }} * sqrt(
        greatest(({{ p }}) * (1 - ({{ p }})) / {{ n }} + {{ z }} * {{ z }} / (4 * cast({{ n }} as double) * {{ n }}), 0)
    )) / (1 + {{ z }} * {{ z }} / {{ n }})))
end
{%- endmacro %}
