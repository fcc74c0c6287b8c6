{#
  The order of judgement of the raw contract: (1) no key: quarantine; (2) the newest version of a key as of the as-of date wins; (3) deleted;
  (4) breaks the contract: quarantine, and no older version takes its place; (5) the others are older or later versions, not validated.
#}

{# Oldest first: no updated_at is oldest; then file path in byte order, then record number. #}
{% macro version_order() %}updated_at asc nulls first, _source_file asc, _record_number asc{% endmacro %}

{# The violation of a key column without a value: unreadable where it had text, else NULL. #}
{% macro key_violation(column) -%}
case when _unreadable like '%|{{ column }}' then _unreadable else 'null_key|{{ column }}' end
{%- endmacro %}

{# staged | older_version | later_version | deleted | quarantined, of a row of a base model beside the clock. #}
{% macro row_status() -%}
case
    when not _has_key then 'quarantined'
    when _version > 1 and updated_date > as_of_date then 'later_version'
    when _next_updated_date <= as_of_date then 'older_version'
    when is_deleted then 'deleted'
    when _violation is not null then 'quarantined'
    else 'staged'
end
{%- endmacro %}

{# A value that is dated after the as-of date is not known yet. #}
{% macro known_by_as_of(column, date) -%}
case when {{ date }} <= as_of_date then {{ column }} end
{%- endmacro %}

{# Personal data of a key that is deleted, be it later than the as-of date: what is erased is not brought back by looking at an earlier day. #}
{% macro unless_erased(column) -%}
case when not coalesce(_is_erased, false) then {{ column }} end
{%- endmacro %}

{# The raw values beside the typed ones, so that a quarantined row can be shown as it came. #}
{% macro raw_copies(types) -%}
{% for column in types %}{{ column }} as _raw_{{ column }}{% if not loop.last %},
        {% endif %}{% endfor %}
{%- endmacro %}

{% macro raw_row(types) -%}
{%- set values = {} -%}
{%- for column in types %}{% do values.update({column: '_raw_' ~ column}) %}{% endfor -%}
{{ row_as_json(values) }}
{%- endmacro %}
