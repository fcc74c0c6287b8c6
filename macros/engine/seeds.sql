{# Rows of a seed on Spark: dbt's adapter puts text between quotes as it is, so that an apostrophe ends it. #}
{% macro spark__load_csv_rows(model, agate_table) %}
    {% set statements = [] %}
    {% for rows in agate_table.rows | batch(200) %}
        {% set sql %}
            insert into {{ this }} values
            {% for row in rows %}
            ({% for column in agate_table.column_names -%}
                {%- set type = model.config.column_types.get(column, adapter.convert_type(agate_table, loop.index0)) -%}
                cast({{ 'null' if row[column] is none else sql_text(row[column]) }} as {{ type }}){% if not loop.last %}, {% endif %}
            {%- endfor %}){% if not loop.last %},{% endif %}
            {% endfor %}
        {% endset %}
        {% do adapter.add_query(sql, abridge_sql_log=true) %}
        {% do statements.append(sql) %}
    {% endfor %}
    {{ return(statements[0]) }}
{% endmacro %}
