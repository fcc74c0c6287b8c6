{# The relations of the schema `raw` over the files of the raw folder, and the registry of what was read. #}
{% macro load_raw_tables() %}{% do adapter.dispatch('load_raw_tables', 'boussole')() %}{% endmacro %}

{% macro duckdb__load_raw_tables() %}
    {% set contract = raw_contract() %}
    {% do run_query('create schema if not exists raw') %}
    {% do run_query("create table if not exists raw.file_registry (table_name varchar, path varchar, format varchar, size_bytes bigint, "
        ~ "modified_at timestamp, checksum varchar, row_count bigint, unknown_columns varchar, raw_dir varchar, contract_columns varchar)") %}
    {% set folder = list_raw_files(contract) %}
    {% do check_raw_tables(contract, folder) %}
    {# Every new or changed file is read by its header first, so that a bad one stops the run before any table is touched. #}
    {% for table, files in folder.items() %}
        {% set plan = plan_registration(table, files, contract[table].columns) %}
        {% do folder.update({table: plan}) %}
        {% for file in plan.fresh %}{% do file.update({'columns': inspect_raw_file(table, file, contract[table].columns)}) %}{% endfor %}
    {% endfor %}
    {# One transaction: a run that stops or dies here leaves the raw relations of the run before. #}
    {% do run_query('begin') %}
    {% for table, plan in folder.items() %}
        {% if plan.action != 'keep' %}{% do register_raw_table(table, plan, contract[table].columns) %}{% endif %}
    {% endfor %}
    {% do run_query('commit') %}
{% endmacro %}

{# The files of a folder and of the folders in it, in byte order: [{path relative to the folder, full_path, …}]. #}
{% macro list_folder(root) %}{{ return(adapter.dispatch('list_folder', 'boussole')(root)) }}{% endmacro %}
{% macro duckdb__list_folder(root) %}
    {% set files = [] %}
    {% for row in rows_of("select file from glob(" ~ sql_text(root ~ '/*') ~ ") union all select file from glob(" ~ sql_text(root ~ '/*/*')
        ~ ") order by file") %}
        {% do files.append({'path': row[0][(root | length + 1):], 'full_path': row[0]}) %}
    {% endfor %}
    {{ return(files) }}
{% endmacro %}
