{# The product of two decimals, computed in a wider type and rounded half-up once; a product of decimal(18, x) overflows its own type on DuckDB.
   A product that no amount can hold is unknown. #}
{% macro rounded_product(first, second, type=none) %}{{ return(adapter.dispatch('rounded_product', 'boussole')(first, second, type or money_type())) }}{% endmacro %}
{% macro duckdb__rounded_product(first, second, type) -%}
try_cast(cast({{ first }} as decimal(38, 4)) * {{ second }} as {{ type }})
{%- endmacro %}
{# Spark gives decimals of a product up when its type would pass 38 digits; two types of 18 digits never do. #}
{% macro spark__rounded_product(first, second, type) -%}
try_cast(cast({{ first }} as {{ money_type() }}) * {{ second }} as {{ type }})
{%- endmacro %}

{# amount × weight / total, cut towards zero at the amount's scale, in whole numbers: a quotient of decimals is a double on DuckDB. #}
{% macro exact_share(amount, weight, total, scale=4) %}{{ return(adapter.dispatch('exact_share', 'boussole')(amount, weight, total, scale)) }}{% endmacro %}
{% macro duckdb__exact_share(amount, weight, total, scale) -%}
cast(cast(
    cast(cast({{ amount }} as decimal(38, {{ scale }})) * {{ 10 ** scale }} as hugeint)
    * cast(cast({{ weight }} as decimal(38, 8)) * 100000000 as hugeint)
    // nullif(cast(cast({{ total }} as decimal(38, 8)) * 100000000 as hugeint), 0)
    as decimal({{ 38 - scale }}, 0)) * {{ '0.' ~ '0' * (scale - 1) ~ '1' }} as decimal(18, {{ scale }}))
{%- endmacro %}
{# `div` of decimals answers a bigint, cut towards zero. #}
{% macro spark__exact_share(amount, weight, total, scale) -%}
cast((
    cast(cast({{ amount }} as decimal(18, {{ scale }})) * {{ 10 ** scale }} as decimal(38, 0))
    * cast(cast({{ weight }} as decimal(28, 8)) * 100000000 as decimal(38, 0))
    div nullif(cast(cast({{ total }} as decimal(28, 8)) * 100000000 as decimal(38, 0)), 0)
    ) * {{ '0.' ~ '0' * (scale - 1) ~ '1' }} as decimal(18, {{ scale }}))
{%- endmacro %}

{#
  A double as a decimal, rounded half-up from the digits that it is written with: 6442.90875 is 6442.9088 at 4 decimals. DuckDB's own cast multiplies
  first, and that product may fall to the other side of the half.
#}
{% macro rounded_double(value, type=none) %}{{ return(adapter.dispatch('rounded_double', 'boussole')(value, type or money_type())) }}{% endmacro %}
{% macro default__rounded_double(value, type) %}cast({{ value }} as {{ type }}){% endmacro %}
{% macro duckdb__rounded_double(value, type) %}cast(cast({{ value }} as varchar) as {{ type }}){% endmacro %}
