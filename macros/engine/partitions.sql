{#
  How a large table is stored, as a config: in parts by the month of a date. On Spark a query of a period reads its months and no others, and tasks
  share the rest by file; DuckDB keeps minimum and maximum of each block by itself, and tells what it would ignore.
#}
{% macro by_month(date) %}{{ return(adapter.dispatch('by_month', 'boussole')(date)) }}{% endmacro %}
{% macro default__by_month(date) %}{{ return(none) }}{% endmacro %}
{% macro spark__by_month(date) %}{{ return('months(' ~ date ~ ')') }}{% endmacro %}
