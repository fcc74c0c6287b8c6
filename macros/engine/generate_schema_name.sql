{# Schemas are part of the public interface (kpis, core, quality): their names do not depend on the target. #}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ custom_schema_name | trim if custom_schema_name else target.schema }}
{%- endmacro %}
