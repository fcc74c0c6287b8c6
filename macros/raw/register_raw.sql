{#
  Before any model runs: one relation of the schema `raw` per table of the contract over the files of the raw folder, and a registry of the
  files read. Text files are loaded once, when new or changed; Parquet is scanned in place; a table that is not supplied is empty and typed.
  Whatever is wrong with the folder stops the run here, before anything is built.
#}
{% macro register_raw() %}
    {% if execute and flags.WHICH in ['build', 'run', 'test', 'snapshot'] %}
        {% do check_vars() %}
        {% do load_raw_tables() %}
    {% endif %}
{% endmacro %}

{% macro raw_dir() %}{{ return((var('raw_dir', none) or env_var('BOUSSOLE_RAW_DIR', 'sample_data')).rstrip('/')) }}{% endmacro %}

{# The raw tables of the contract: name -> {columns: name -> meta, is_event}. #}
{% macro raw_contract() %}
    {% set tables = {} %}
    {% for node in graph.sources.values() if node.source_name == 'crm' %}
        {% set columns = {} %}
        {% for column in node.columns.values() %}{% do columns.update({column.name: column.config.meta}) %}{% endfor %}
        {% do columns.update({'updated_at': {'type': 'timestamp'}, 'is_deleted': {'type': 'boolean'}, 'source_system': {'type': 'text'}}) %}
        {% do tables.update({node.name: {'columns': columns, 'is_event': node.config.meta.get('is_event', false)}}) %}
    {% endfor %}
    {{ return(tables) }}
{% endmacro %}

{% macro stop(message) %}{% do exceptions.raise_compiler_error('Boussole: ' ~ message) %}{% endmacro %}
{% macro rows_of(sql) %}{{ return(run_query(sql).rows) }}{% endmacro %}

{# table -> files of the raw folder: {path, full_path, format}, with what else the engine's listing says, in byte order of the path. #}
{% macro list_raw_files(contract) %}
    {% set root = raw_dir() %}
    {% set formats = ['csv.gz', 'csv', 'parquet', 'jsonl'] %}
    {% set listed = list_folder(root) %}
    {% if listed | length == 0 %}
        {% do stop("the raw folder '" ~ root ~ "' does not exist or is empty. Set BOUSSOLE_RAW_DIR (or `--raw DIR`) to the folder that holds "
            ~ "the raw tables, for example orders.csv.") %}
    {% endif %}
    {% set folder = {} %}
    {% for table in contract %}{% do folder.update({table: []}) %}{% endfor %}
    {% for file in listed %}
        {% set path = file.path %}
        {% set parts = path.split('/') %}
        {% set name = parts[-1] %}
        {% set ns = namespace(format=none) %}
        {% for format in formats if ns.format is none and name.lower().endswith('.' ~ format) %}{% set ns.format = format %}{% endfor %}
        {% set format = ns.format %}
        {% set table = parts[0] if parts | length == 2 else name[:-(format | length + 1)] if format else name %}
        {# Some engines write a folder of that name: to ignore it would be to lose the table. #}
        {% if parts | length == 2 and parts[0].split('.')[0] in folder and parts[0].split('.')[1:] | join('.') in formats %}
            {% do stop(parts[0] ~ " is a folder that is named like a file. Name it '" ~ parts[0].split('.')[0] ~ "', or put the file in its place.") %}
        {% endif %}
        {% if table in folder and format %}
            {% do file.update({'format': format}) %}
            {% do folder[table].append(file) %}
        {% elif format and not name.startswith('.') %}
            {% do log("Boussole: " ~ path ~ " is ignored: '" ~ table ~ "' is not a table of the raw contract.", info=true) %}
        {% elif table in folder %}
            {% do stop(path ~ " is not a CSV, CSV.gz, Parquet or JSON Lines file. Remove it from the folder of '" ~ table ~ "' or export it "
                ~ "in one of these formats.") if not name.startswith('.') %}
        {% endif %}
    {% endfor %}
    {{ return(folder) }}
{% endmacro %}

{# What can be seen from the listing alone: events at all, one format a table, one place a table. #}
{% macro check_raw_tables(contract, folder) %}
    {% set ns = namespace(has_events=folder['orders'] and folder['order_lines']) %}
    {% for table, files in folder.items() if files %}
        {% if contract[table].is_event and table not in ['orders', 'order_lines'] %}{% set ns.has_events = true %}{% endif %}
        {% set formats = files | map(attribute='format') | unique | list %}
        {% if formats | length > 1 %}
            {% do stop("the table '" ~ table ~ "' has files in different formats (" ~ (files | map(attribute='path') | join(', '))
                ~ "). Keep the export in one format and remove the others.") %}
        {% endif %}
        {% set loose = [] %}
        {% for file in files if '/' not in file.path %}{% do loose.append(file.path) %}{% endfor %}
        {% if loose and files | length > 1 %}
            {% do stop("the table '" ~ table ~ "' is both a file (" ~ loose[0] ~ ") and a folder of part files (" ~ table ~ "/). Keep one of them.") %}
        {% endif %}
    {% endfor %}
    {% if not ns.has_events %}
        {% do stop("the raw folder '" ~ raw_dir() ~ "' holds no table of events. Supply at least one of orders with order_lines, opportunities, "
            ~ "leads, activities, subscriptions, tickets, survey_responses, reviews.") %}
    {% endif %}
{% endmacro %}
