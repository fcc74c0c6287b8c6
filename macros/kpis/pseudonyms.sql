{#
  The name of a rep or a customer as readers see it. With var pseudonymise_people it is a pseudonym made of the key: the same in every
  build and on every engine, and it says nothing of the name. `unassigned` is nobody.
#}
{% macro shown_name(name, key, kind) -%}
{%- if var('pseudonymise_people') -%}
case when {{ key }} = 'unassigned' then {{ name }} else '{{ kind }} ' || substr({{ dbt.hash(key) }}, 1, 12) end
{%- else -%}
{{ name }}
{%- endif -%}
{%- endmacro %}
