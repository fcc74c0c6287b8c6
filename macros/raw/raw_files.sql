{# Facts and content checks of single raw files on DuckDB. Every message names the file and says what to do. #}

{# Compare a table's files with the registry: {action: keep | append | rebuild, files, fresh (new or changed)}. #}
{% macro plan_registration(table, files, columns) %}
    {% set known = {} %}
    {% set contract_columns = columns.keys() | join(',') %}
    {% set ns = namespace(rebuild=false) %}
    {% for row in rows_of("select path, size_bytes, modified_at, checksum, format, raw_dir, contract_columns from raw.file_registry "
        ~ "where table_name = " ~ sql_text(table) ~ " order by path") %}
        {% do known.update({row[0]: row}) %}
        {% if row[5] != raw_dir() or row[6] != contract_columns %}{% set ns.rebuild = true %}{% endif %}
    {% endfor %}
    {% set fresh = [] %}
    {% set stale = [] %}
    {% for file in files %}
        {% do file.update(file_facts(file, known.get(file.path))) %}
        {% set before = known.get(file.path) %}
        {% if before is none or ns.rebuild %}
            {% do fresh.append(file) %}
        {% elif before[1] != file.size_bytes or before[3] != file.checksum %}
            {% do fresh.append(file) %}
            {% do stale.append(file.path ~ ' has changed') %}
        {% endif %}
    {% endfor %}
    {% for path in known if path not in files | map(attribute='path') | list %}{% do stale.append(path ~ ' has vanished') %}{% endfor %}
    {% set exists = raw_relation_type(table) is not none %}
    {% if stale and not ns.rebuild %}
        {% do log("Boussole: the raw table '" ~ table ~ "' is rebuilt: " ~ (stale | join(', ')) ~ ".", info=true) %}
    {% endif %}
    {% set is_scanned = files and files[0].format == 'parquet' %}
    {% if ns.rebuild or stale or not exists or (not known and files) or (is_scanned and fresh) %}
        {{ return({'action': 'rebuild', 'files': files, 'fresh': files}) }}
    {% endif %}
    {{ return({'action': 'append' if fresh else 'keep', 'files': files, 'fresh': fresh}) }}
{% endmacro %}

{# Size, time and checksum. A small file is summed on every run, since a clock of one second misses a quick edit; a large one when its size or
   time changed; one of 1 GiB or more has no checksum. #}
{% macro file_facts(file, before) %}
    {% set at = sql_text(file.full_path) %}
    {% set row = rows_of("select size, cast(last_modified as timestamp) from read_blob(" ~ at ~ ")")[0] %}
    {% set facts = {'size_bytes': row[0], 'modified_at': row[1], 'checksum': none} %}
    {% if before and row[0] > 67108864 and before[1] == row[0] and before[2] == row[1] %}
        {% do facts.update({'checksum': before[3]}) %}
    {% elif row[0] < 1073741824 %}
        {% do facts.update({'checksum': rows_of("select md5(content) from read_blob(" ~ at ~ ")")[0][0]}) %}
    {% else %}
        {% do facts.update({'checksum': 'size ' ~ row[0] ~ ' at ' ~ row[1]}) %}
    {% endif %}
    {{ return(facts) }}
{% endmacro %}

{% macro csv_options() %}{{ return("delim = ',', quote = '\"', escape = '\"', store_rejects = true, rejects_limit = 0, filename = false") }}{% endmacro %}

{# The columns of a file, checked against the contract: [names in the file]. #}
{% macro inspect_raw_file(table, file, columns) %}
    {% set at = sql_text(file.full_path) %}
    {% if file.size_bytes == 0 and file.format != 'jsonl' %}
        {% do stop(file.path ~ " is empty (0 bytes). Export it again, at least with its header line, or remove the file if '" ~ table
            ~ "' is not supplied.") %}
    {% endif %}
    {% set names = [] %}
    {% if file.format == 'parquet' %}
        {% if file.size_bytes < 1073741824
            and rows_of("select octet_length(content) < 12 or content[:4] <> 'PAR1'::blob or content[-4:] <> 'PAR1'::blob from read_blob(" ~ at ~ ")")[0][0] %}
            {% do stop(file.path ~ " is not a whole Parquet file: it is cut short or has another format. Export it again.") %}
        {% endif %}
        {% for row in rows_of("describe select * from read_parquet(" ~ at ~ ")") %}{% do names.append(row[0]) %}{% endfor %}
    {% elif file.format == 'jsonl' %}
        {% do check_utf8(file) %}
        {% do check_json_objects(file) %}
        {% for row in rows_of("select distinct unnest(json_keys(json)) as name from read_ndjson_objects(" ~ at ~ ") order by name") %}
            {% do names.append(row[0]) %}
        {% endfor %}
        {% set file_is_blank = names | length == 0 %}
        {% if file_is_blank %}{{ return([]) }}{% endif %}
    {% else %}
        {% if file.format == 'csv' %}{% do check_utf8(file) %}{% endif %}
        {# The header line as it is: DuckDB's sniffer gives up on a file with a fault further down, without saying where. #}
        {% set header = rows_of("select line from read_csv(" ~ at ~ ", auto_detect = false, header = false, columns = {'line': 'VARCHAR'}, "
            ~ "delim = '\x1f', quote = '', escape = '', strict_mode = false) limit 1") %}
        {% if header | length == 0 or not header[0][0] %}{% do stop(file.path ~ " has no header line. Export it again with the column names in its first line.") %}{% endif %}
        {% do names.extend(header_names(header[0][0] or '')) %}
    {% endif %}
    {{ return(check_raw_columns(table, file, names, columns)) }}
{% endmacro %}

{# The names in a header line of CSV. #}
{% macro header_names(line) %}
    {% set names = [] %}
    {% for name in modules.re.findall('(?:^|,)("(?:[^"]|"")*"|[^,]*)', line.rstrip()) %}
        {% do names.append(name[1:-1].replace('""', '"') if name.startswith('"') else name.strip()) %}
    {% endfor %}
    {{ return(names) }}
{% endmacro %}

{# The columns of a file against the contract: what is doubled or missing stops the run, what is unknown is reported. Answers the names. #}
{% macro check_raw_columns(table, file, names, columns) %}
    {% set seen = [] %}
    {% for name in names %}
        {% if name | lower in seen %}
            {% do stop(file.path ~ " has the column '" ~ name ~ "' twice. Keep one of them.") %}
        {% endif %}
        {% do seen.append(name | lower) %}
    {% endfor %}
    {% for column, meta in columns.items() if (meta.get('key') or meta.get('mandatory')) and column not in seen %}
        {% do stop(file.path ~ " lacks the mandatory column '" ~ column ~ "' of the table '" ~ table ~ "'. Add it to the export; the file has: "
            ~ (names | join(', ')) ~ ".") %}
    {% endfor %}
    {% set unknown = [] %}
    {% for name in names if name | lower not in columns %}{% do unknown.append(name) %}{% endfor %}
    {% do file.update({'unknown': unknown | join(', ')}) %}
    {% if unknown %}
        {% do log("Boussole: " ~ file.path ~ " has columns that the contract does not know, ignored: " ~ (unknown | join(', ')) ~ ".", info=true) %}
    {% endif %}
    {{ return(names) }}
{% endmacro %}

{% macro check_utf8(file) %}
    {% if file.size_bytes < 1073741824
        and rows_of("select try(decode(content)) is null from read_blob(" ~ sql_text(file.full_path) ~ ")")[0][0] %}
        {% do stop(file.path ~ " is not UTF-8. Save the export as UTF-8 (for example `iconv -f latin1 -t utf-8`).") %}
    {% endif %}
{% endmacro %}

{# A line that is an array has no names: it would be one record without a value. #}
{% macro check_json_objects(file) %}
    {% set others = rows_of("select json_type(json) from read_ndjson_objects(" ~ sql_text(file.full_path)
        ~ ") where json_type(json) <> 'OBJECT' limit 1") %}
    {% if others %}
        {% do stop(file.path ~ " is not JSON Lines: it holds an " ~ (others[0][0] | lower) ~ ". Export it with one object a line.") %}
    {% endif %}
{% endmacro %}

{# table | view | none. Asked of the database: dbt's cache of relations would open a transaction of its own. #}
{% macro raw_relation_type(table) %}
    {% set found = rows_of("select case table_type when 'VIEW' then 'view' else 'table' end from information_schema.tables "
        ~ "where table_catalog = current_database() and table_schema = 'raw' and table_name = " ~ sql_text(table)) %}
    {{ return(found[0][0] if found else none) }}
{% endmacro %}

{# Build the raw relation of one table and write its files into the registry. #}
{% macro register_raw_table(table, plan, columns) %}
    {% set is_view = plan.files and plan.files[0].format == 'parquet' %}
    {% set existing = raw_relation_type(table) %}
    {% if plan.action == 'rebuild' or is_view %}
        {% if existing is not none %}{% do run_query('drop ' ~ existing ~ ' raw.' ~ table) %}{% endif %}
        {% do run_query('delete from raw.file_registry where table_name = ' ~ sql_text(table)) %}
        {% if is_view %}
            {% do run_query(parquet_view_sql(table, plan.files, columns)) %}
        {% else %}
            {% set ddl = [] %}
            {% for column in columns %}{% do ddl.append(column ~ ' varchar') %}{% endfor %}
            {% do run_query('create table raw.' ~ table ~ ' (' ~ ddl | join(', ') ~ ', _source_file varchar, _record_number bigint)') %}
        {% endif %}
    {% endif %}
    {% for file in plan.files if is_view or file in plan.fresh %}
        {% if not is_view %}{% do load_text_file(table, file, columns) %}{% endif %}
        {% set count = rows_of('select count(*) from ' ~ ('read_parquet(' ~ sql_text(file.full_path) ~ ')' if is_view
            else 'raw.' ~ table ~ ' where _source_file = ' ~ sql_text(file.path)))[0][0] %}
        {% do run_query('insert into raw.file_registry values (' ~ [sql_text(table), sql_text(file.path), sql_text(file.format), file.size_bytes,
            'timestamp ' ~ sql_text(file.modified_at), sql_text(file.checksum), count, sql_text(file.unknown or ''), sql_text(raw_dir()),
            sql_text(columns.keys() | join(','))] | join(', ') ~ ')') %}
    {% endfor %}
{% endmacro %}

{# Every column of the contract, NULL where the file has none. #}
{% macro contract_select_list(columns, available, json=false) %}
    {% set items = [] %}
    {% set found = {} %}
    {% for name in available %}{% do found.update({name | lower: name}) %}{% endfor %}
    {% for column in columns %}
        {% if column not in found %}{% do items.append('cast(null as varchar) as ' ~ column) %}
        {% elif json %}{% do items.append("json ->> '$.\"" ~ found[column] ~ "\"' as " ~ column) %}
        {% else %}{% do items.append(adapter.quote(found[column]) ~ ' as ' ~ column) %}{% endif %}
    {% endfor %}
    {{ return(items | join(', ')) }}
{% endmacro %}

{% macro load_text_file(table, file, columns) %}
    {% set at = sql_text(file.full_path) %}
    {% set select_list = contract_select_list(columns, file.columns, json=(file.format == 'jsonl')) %}
    {% if file.format == 'jsonl' %}
        {% set reader = 'read_ndjson_objects(' ~ at ~ ')' %}
    {% else %}
        {% set types = [] %}
        {% for name in file.columns %}{% do types.append(sql_text(name if name else 'column' ~ loop.index) ~ ": 'VARCHAR'") %}{% endfor %}
        {% set reader = 'read_csv(' ~ at ~ ', auto_detect = false, header = true, columns = {' ~ types | join(', ') ~ '}, ' ~ csv_options() ~ ')' %}
    {% endif %}
    {% do run_query('insert into raw.' ~ table ~ ' select ' ~ select_list ~ ', ' ~ sql_text(file.path) ~ ', row_number() over () from ' ~ reader) %}
    {% if file.format in ['csv', 'csv.gz'] %}
        {% set rejected = rows_of("select line, error_message, csv_line, count(*) over () from reject_errors order by scan_id desc, line limit 1") %}
        {% if rejected %}
            {% do stop(file.path ~ ", line " ~ rejected[0][0] ~ ": " ~ rejected[0][1] ~ " (`" ~ (rejected[0][2] or '')[:80] ~ "`). A file cut short looks like "
                ~ "this too: export it again, or mend the line.") %}
        {% endif %}
    {% endif %}
{% endmacro %}

{% macro parquet_view_sql(table, files, columns) %}
    {% set paths = [] %}
    {% set available = [] %}
    {% for file in files %}
        {% do paths.append(sql_text(file.full_path)) %}
        {% for name in file.columns if name not in available %}{% do available.append(name) %}{% endfor %}
    {% endfor %}
    {{ return('create view raw.' ~ table ~ ' as select ' ~ contract_select_list(columns, available) ~ ', substr(filename, '
        ~ (raw_dir() | length + 2) ~ ') as _source_file, file_row_number + 1 as _record_number from read_parquet([' ~ paths | join(', ')
        ~ '], union_by_name = true, filename = true, file_row_number = true)') }}
{% endmacro %}
