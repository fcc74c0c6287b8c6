{# A text as a literal. Spark reads a backslash as an escape, and two quotes as the end of one literal and the beginning of the next. #}
{% macro sql_text(value) %}{{ return(adapter.dispatch('sql_text', 'boussole')(value)) }}{% endmacro %}
{% macro default__sql_text(value) %}{{ return("'" ~ (value | string | replace("'", "''")) ~ "'") }}{% endmacro %}
{% macro spark__sql_text(value) %}{{ return("'" ~ (value | string | replace('\\', '\\\\') | replace("'", "\\'")) ~ "'") }}{% endmacro %}

{# Whether text matches a regular expression anywhere; patterns use [0-9] and [.] because engines disagree on backslashes. #}
{% macro matches(text, pattern) %}{{ return(adapter.dispatch('matches', 'boussole')(text, pattern)) }}{% endmacro %}
{% macro default__matches(text, pattern) %}regexp_like({{ text }}, '{{ pattern }}'){% endmacro %}
{% macro duckdb__matches(text, pattern) %}regexp_matches({{ text }}, '{{ pattern }}'){% endmacro %}
{% macro spark__matches(text, pattern) %}({{ text }} rlike '{{ pattern }}'){% endmacro %}

{# Text without the blanks (space, tab, line ends) around it. #}
{% macro trimmed(text) %}{{ return(adapter.dispatch('trimmed', 'boussole')(text)) }}{% endmacro %}
{% macro default__trimmed(text) %}trim(both ' ' || chr(9) || chr(10) || chr(13) from {{ text }}){% endmacro %}
{% macro duckdb__trimmed(text) %}trim({{ text }}, ' ' || chr(9) || chr(10) || chr(13)){% endmacro %}

{# A cast that answers NULL instead of failing. #}
{% macro attempt_cast(expression, type) %}{{ return(adapter.dispatch('attempt_cast', 'boussole')(expression, type)) }}{% endmacro %}
{% macro default__attempt_cast(expression, type) %}try_cast({{ expression }} as {{ type }}){% endmacro %}

{# Values of a row as one JSON text, for people who look at a quarantined row; `values`: name -> SQL. #}
{% macro row_as_json(values) %}{{ return(adapter.dispatch('row_as_json', 'boussole')(values)) }}{% endmacro %}
{% macro duckdb__row_as_json(values) -%}
cast(json_object({% for name, value in values.items() %}'{{ name }}', {{ value }}{% if not loop.last %}, {% endif %}{% endfor %}) as varchar)
{%- endmacro %}
{% macro spark__row_as_json(values) -%}
to_json(
    named_struct({% for name, value in values.items() %}'{{ name }}', {{ value }}{% if not loop.last %}, {% endif %}{% endfor %}),
    map('ignoreNullFields', 'false')
)
{%- endmacro %}
