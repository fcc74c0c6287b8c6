{#
  Typed readers of raw columns. A raw column that has the right type already (Parquet) is cast; text is checked by its lexical form first,
  so that what an engine's cast tolerates (1e3, 2024-1-5) is not a value. NULL means blank or unreadable; `unreadable` tells which.
  `raw` is what raw_types() answers: column -> type of the raw relation.
#}

{% macro raw_types(table) %}
    {% set types = {} %}
    {# A unit test's rows are text whatever the raw folder holds. #}
    {% if execute and model.resource_type != 'unit_test' %}
        {% for column in adapter.get_columns_in_relation(api.Relation.create(database=target.get('database'), schema='raw', identifier=table)) %}
            {% do types.update({column.name: column.dtype | lower}) %}
        {% endfor %}
    {% endif %}
    {{ return(types) }}
{% endmacro %}

{% macro is_raw_type(column, raw, prefixes) %}
    {% set ns = namespace(found=false) %}
    {% for prefix in prefixes if raw.get(column, '').startswith(prefix) %}{% set ns.found = true %}{% endfor %}
    {{ return(ns.found) }}
{% endmacro %}

{% macro whole_number_types() %}{{ return(['tinyint', 'smallint', 'int', 'bigint', 'hugeint', 'utinyint', 'usmallint', 'uint', 'ubigint', 'long']) }}{% endmacro %}
{% macro number_types() %}{{ return(boussole.whole_number_types() + ['decimal', 'numeric', 'double', 'float', 'real']) }}{% endmacro %}

{% macro raw_text(column, raw) -%}
{{ column if is_raw_type(column, raw, ['varchar', 'string', 'text']) else 'cast(' ~ column ~ ' as ' ~ dbt.type_string() ~ ')' }}
{%- endmacro %}

{% macro raw_value(column, raw) -%}
{{ trimmed(raw_text(column, raw)) }}
{%- endmacro %}

{% macro read_text(column, raw) -%}
case when {{ raw_value(column, raw) }} <> '' then {{ raw_text(column, raw) }} end
{%- endmacro %}

{# `read_as` is narrower than `type` where rows of it are summed: a hundred of the largest values still fit. #}
{% macro read_decimal(column, raw, type=none, read_as=none) -%}
{%- set type = type or money_type() -%}
{%- set read_as = read_as or 'decimal(16, 4)' -%}
{%- if is_raw_type(column, raw, number_types()) -%}
cast({{ attempt_cast(column, read_as) }} as {{ type }})
{%- else -%}
cast(case when {{ matches(raw_value(column, raw), '^[+-]?[0-9]*[.]?[0-9]+$') }} then {{ attempt_cast(raw_value(column, raw), read_as) }} end as {{ type }})
{%- endif -%}
{%- endmacro %}

{% macro read_rate(column, raw) -%}{{ read_decimal(column, raw, rate_type(), rate_type()) }}{%- endmacro %}
{% macro read_share(column, raw) -%}{{ read_decimal(column, raw, share_type(), share_type()) }}{%- endmacro %}

{% macro read_integer(column, raw) -%}
{%- set read_as = 'decimal(12, 0)' -%}
{%- if is_raw_type(column, raw, whole_number_types()) -%}
cast({{ attempt_cast(column, read_as) }} as bigint)
{%- elif is_raw_type(column, raw, number_types()) -%}
cast(case when {{ column }} = floor({{ column }}) then {{ attempt_cast(column, read_as) }} end as bigint)
{%- else -%}
cast(case when {{ matches(raw_value(column, raw), '^[+-]?[0-9]+$') }} then {{ attempt_cast(raw_value(column, raw), read_as) }} end as bigint)
{%- endif -%}
{%- endmacro %}

{% macro read_boolean(column, raw) -%}
{%- if is_raw_type(column, raw, ['boolean']) -%}
{{ column }}
{%- else -%}
case
    when lower({{ raw_value(column, raw) }}) in ('true', '1', 't', 'yes') then true
    when lower({{ raw_value(column, raw) }}) in ('false', '0', 'f', 'no') then false
end
{%- endif -%}
{%- endmacro %}

{% macro read_date(column, raw) -%}
{%- if raw.get(column) == 'date' -%}
{{ column }}
{%- elif is_raw_type(column, raw, ['timestamp']) -%}
case when {{ column }} = {{ dbt.date_trunc('day', column) }} then cast({{ column }} as date) end
{%- else -%}
case
    when {{ matches(raw_value(column, raw), '^[0-9]{4}-[0-9]{2}-[0-9]{2}$') }} then {{ attempt_cast(raw_value(column, raw), 'date') }}
end
{%- endif -%}
{%- endmacro %}

{% macro read_timestamp(column, raw) -%}
{%- set value = raw_value(column, raw) -%}
{%- if raw.get(column) == 'date' -%}
{{ midnight_utc(column) }}
{%- elif raw.get(column) == 'timestamp with time zone' -%}
{{ utc_wall_time(column) }}
{%- elif is_raw_type(column, raw, ['timestamp']) -%}
cast({{ column }} as timestamp)
{%- else -%}
case
    when {{ matches(value, '^[0-9]{4}-[0-9]{2}-[0-9]{2}$') }} then {{ midnight_utc(attempt_cast(value, 'date')) }}
    when {{ matches(value, '^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,9})?)?( ?(Z|[+-](0[0-9]|1[0-7])(:?[0-5][0-9])?))?$') }}
        then {{ parse_instant(value) }}
end
{%- endif -%}
{%- endmacro %}

{% macro read_value(column, type, raw) -%}
{%- if type == 'text' -%}{{ read_text(column, raw) }}
{%- elif type == 'decimal' -%}{{ read_decimal(column, raw) }}
{%- elif type == 'rate' -%}{{ read_rate(column, raw) }}
{%- elif type == 'share' -%}{{ read_share(column, raw) }}
{%- elif type == 'integer' -%}{{ read_integer(column, raw) }}
{%- elif type == 'boolean' -%}{{ read_boolean(column, raw) }}
{%- elif type == 'date' -%}{{ read_date(column, raw) }}
{%- elif type == 'timestamp' -%}{{ read_timestamp(column, raw) }}
{%- else -%}{{ exceptions.raise_compiler_error("Boussole: the contract knows no type '" ~ type ~ "' (column " ~ column ~ ")") }}
{%- endif -%}
{%- endmacro %}

{# The first column, in the contract's order, that has text which is not a value of its type, as `not_a_<type>|<column>`. #}
{% macro first_unreadable(types, raw) -%}
case
    {%- for column, type in types.items() if type != 'text' %}
    when {{ raw_value(column, raw) }} <> '' and ({{ read_value(column, type, raw) }}) is null
        then 'not_{{ "an" if type == "integer" else "a" }}_{{ "decimal" if type in ("rate", "share") else type }}|{{ column }}'
    {%- endfor %}
end
{%- endmacro %}

{# Whether a decimal column of the row has more decimals than its type keeps (they are rounded half-up). #}
{% macro is_any_rounded(types, raw) -%}
{%- set checks = [] -%}
{%- for column, type in types.items() if type in ('decimal', 'rate', 'share') -%}
    {%- set scale = 4 if type == 'decimal' else 8 -%}
    {%- if is_raw_type(column, raw, ['decimal', 'numeric']) -%}
        {%- do checks.append('coalesce(' ~ column ~ ' <> round(' ~ column ~ ', ' ~ scale ~ '), false)') -%}
    {%- elif not is_raw_type(column, raw, number_types()) -%}
        {%- do checks.append('coalesce(' ~ matches(raw_value(column, raw), '^[+-]?[0-9]*[.][0-9]{' ~ scale ~ '}[0-9]*[1-9][0-9]*$') ~ ', false)') -%}
    {%- endif -%}
{%- endfor -%}
{{ checks | join(' or ') if checks else 'false' }}
{%- endmacro %}
