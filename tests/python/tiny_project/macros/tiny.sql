{% macro generate_schema_name(custom_schema_name, node) %}{{ custom_schema_name or 'main' }}{% endmacro %}

{% macro register_raw() %}
    {% if execute %}
        {% set file = env_var('BOUSSOLE_RAW_DIR') ~ '/orders.csv' %}
        {% do run_query('create schema if not exists raw') %}
        {% do run_query("create or replace table raw.orders as select * from read_csv('" ~ file ~ "', header = true, "
            ~ "all_varchar = true, auto_detect = false, columns = {order_id: 'varchar', ordered_on: 'varchar', amount: 'varchar'})") %}
        {% if run_query('select count(*) from raw.orders').rows[0][0] == 0 %}
            {% do exceptions.raise_compiler_error('Boussole: orders.csv holds no order. Export it again.') %}
        {% endif %}
        {% do log('Boussole: one note for the user.', info=true) %}
    {% endif %}
{% endmacro %}
