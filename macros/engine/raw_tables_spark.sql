{#
  The raw relations on Spark, by SQL alone, so that a cluster reads the files and not the machine that runs dbt. Files become a table when one of
  them is new, changed or gone; Parquet too, because a view of a catalog cannot name a file. The same rules as on DuckDB, in the same order; what
  cannot be had is in docs/ENGINES.md.
#}
{% macro spark__load_raw_tables() %}
    {% set contract = raw_contract() %}
    {% do run_query('create schema if not exists raw') %}
    {% do run_query("create table if not exists raw.file_registry (table_name string, path string, format string, size_bytes bigint, "
        ~ "modified_at timestamp, checksum string, row_count bigint, unknown_columns string, raw_dir string, contract_columns string) using iceberg") %}
    {% set folder = list_raw_files(contract) %}
    {% do check_raw_tables(contract, folder) %}
    {% set registered = spark_registered_files() %}
    {% set existing = [] %}
    {% for row in run_query('show tables in raw').rows %}{% do existing.append(row[1]) %}{% endfor %}
    {% set changed = [] %}
    {% for table, files in folder.items() %}
        {% set columns = contract[table].columns %}
        {% if table not in existing or spark_is_changed(table, files, registered.get(table, {}), columns) %}
            {% for file in files %}
                {% do file.update({'columns': check_raw_columns(table, file, spark_file_columns(table, file), columns)}) %}
            {% endfor %}
            {% do changed.append(table) %}
        {% endif %}
    {% endfor %}
    {% if changed %}
        {% do run_query("delete from raw.file_registry where table_name in (" ~ changed | map('tojson') | join(', ') | replace('"', "'") ~ ")") %}
    {% endif %}
    {% for table in changed %}{% do spark_create_raw_table(table, folder[table], contract[table].columns) %}{% endfor %}
    {% do spark_write_registry(changed, folder, contract) %}
{% endmacro %}

{# The listing carries size, time, checksum and whether the content is UTF-8: one pass over the folder instead of one per file. #}
{% macro spark__list_folder(root) %}
    {% do run_query("create or replace temporary view boussole_raw_folder using binaryFile options (path " ~ sql_text(root)
        ~ ", recursiveFileLookup 'true')") %}
    {% set files = [] %}
    {% for row in run_query("select path, length, cast(modificationTime as string) as modified_at, case when length < 1073741824 then md5(content) end as checksum, "
        ~ "case when lower(path) like '%.csv' or lower(path) like '%.jsonl' then length >= 1073741824 or encode(decode(content, 'UTF-8'), 'UTF-8') = content "
        ~ "else true end as is_utf8, substring(content, 1, 4) = encode('PAR1', 'UTF-8') as is_parquet from boussole_raw_folder order by path").rows %}
        {% set path = row[0][(row[0].rfind(root ~ '/') + root | length + 1):] %}
        {% if path.split('/') | length <= 2 %}
            {% do files.append({'path': path, 'full_path': row[0], 'size_bytes': row[1] | int, 'modified_at': row[2],
                'checksum': row[3] or 'size ' ~ row[1] ~ ' at ' ~ row[2], 'is_utf8': row[4], 'is_parquet': row[5]}) %}
        {% endif %}
    {% endfor %}
    {{ return(files) }}
{% endmacro %}

{# table -> path -> what the registry says of the file. #}
{% macro spark_registered_files() %}
    {% set tables = {} %}
    {% for row in run_query("select table_name, path, size_bytes, checksum, raw_dir, contract_columns from raw.file_registry").rows %}
        {% if row[0] not in tables %}{% do tables.update({row[0]: {}}) %}{% endif %}
        {% do tables[row[0]].update({row[1]: row}) %}
    {% endfor %}
    {{ return(tables) }}
{% endmacro %}

{% macro spark_is_changed(table, files, known, columns) %}
    {% set reasons = [] %}
    {% set ns = namespace(is_other_folder=known | length == 0 and files | length > 0) %}
    {% for row in known.values() if row[4] != raw_dir() or row[5] != columns.keys() | join(',') %}{% set ns.is_other_folder = true %}{% endfor %}
    {% for file in files %}
        {% set before = known.get(file.path) %}
        {% if before is none %}{% do reasons.append(file.path ~ ' is new') %}
        {% elif before[2] | int != file.size_bytes or before[3] != file.checksum %}{% do reasons.append(file.path ~ ' has changed') %}{% endif %}
    {% endfor %}
    {% for path in known if path not in files | map(attribute='path') | list %}{% do reasons.append(path ~ ' has vanished') %}{% endfor %}
    {% if reasons and not ns.is_other_folder %}
        {% do log("Boussole: the raw table '" ~ table ~ "' is rebuilt: " ~ (reasons | join(', ')) ~ ".", info=true) %}
    {% endif %}
    {{ return(ns.is_other_folder or reasons | length > 0) }}
{% endmacro %}

{# The names of the columns of a file, in its order. #}
{% macro spark_file_columns(table, file) %}
    {% set names = [] %}
    {% if not file.is_utf8 %}
        {% do stop(file.path ~ " is not UTF-8. Save the export as UTF-8 (for example `iconv -f latin1 -t utf-8`).") %}
    {% elif file.size_bytes == 0 and file.format != 'jsonl' %}
        {% do stop(file.path ~ " is empty (0 bytes). Export it again, at least with its header line, or remove the file if '" ~ table
            ~ "' is not supplied.") %}
    {% elif file.format == 'parquet' %}
        {% if not file.is_parquet %}
            {% do stop(file.path ~ " is not a whole Parquet file: it is cut short or has another format. Export it again.") %}
        {% endif %}
        {% for column in run_query('select * from parquet.`' ~ file.full_path ~ '` limit 0').columns %}{% do names.append(column.name) %}{% endfor %}
    {% elif file.format == 'jsonl' %}
        {% for row in run_query("select distinct explode(json_object_keys(value)) as name from text.`" ~ file.full_path ~ "` order by name").rows %}
            {% do names.append(row[0]) %}
        {% endfor %}
    {% else %}
        {% set header = run_query('select value from text.`' ~ file.full_path ~ '` limit 1').rows %}
        {% if header | length == 0 %}{% do stop(file.path ~ " has no header line. Export it again with the column names in its first line.") %}{% endif %}
        {% do names.extend(header_names((header[0][0] or '').lstrip('\ufeff'))) %}
    {% endif %}
    {{ return(names) }}
{% endmacro %}

{# The relation of one table; without files it is empty and typed. #}
{% macro spark_create_raw_table(table, files, columns) %}
    {% set selects = [] %}
    {% for file in files %}{% do selects.append(spark_select_file(table, loop.index, file, columns)) %}{% endfor %}
    {% if not files %}
        {% set nulls = [] %}
        {% for column in columns %}{% do nulls.append('cast(null as string) as ' ~ column) %}{% endfor %}
        {% do selects.append('select ' ~ nulls | join(', ') ~ ', cast(null as string) as _source_file, cast(null as bigint) as _record_number, '
            ~ 'cast(null as string) as _malformed where false') %}
    {% endif %}
    {% do run_query('create or replace table raw.' ~ table ~ ' using iceberg as ' ~ selects | join(' union all ')) %}
    {% if files and files[0].format in ['csv', 'csv.gz'] %}
        {% set bad = run_query("select _source_file, _record_number, _malformed from raw." ~ table ~ " where _malformed is not null "
            ~ "order by _source_file, _record_number limit 1").rows %}
        {% if bad %}
            {% do stop(bad[0][0] ~ ", record " ~ bad[0][1] ~ ": it has not as many values as the header line has names (`" ~ (bad[0][2] or '')[:80]
                ~ "`). A file cut short looks like this too: export it again, or mend the line.") %}
        {% endif %}
    {% endif %}
{% endmacro %}

{# One file with every column of the contract, NULL where it has none, its path and its record number. #}
{% macro spark_select_file(table, number, file, columns) %}
    {% set found = {} %}
    {% for name in file.columns %}{% do found.update({name | lower: name}) %}{% endfor %}
    {% set items = [] %}
    {% for column in columns %}
        {% if column not in found %}{% do items.append('cast(null as string) as ' ~ column) %}
        {% elif file.format == 'jsonl' %}{% do items.append("_values['" ~ found[column] | replace("'", "\\'") ~ "'] as " ~ column) %}
        {% else %}{% do items.append('`' ~ found[column] | replace('`', '``') ~ '` as ' ~ column) %}{% endif %}
    {% endfor %}
    {% do items.append(sql_text(file.path) ~ ' as _source_file') %}
    {# A file that is not split is read in order by one task: the low bits of the id count its rows. #}
    {% set position = 'cast((monotonically_increasing_id() & 8589934591) + 1 as bigint) as _record_number' %}
    {% if file.format == 'parquet' %}
        {% do items.append('_metadata.row_index + 1 as _record_number') %}
        {{ return('select ' ~ items | join(', ') ~ ' from parquet.`' ~ file.full_path ~ '`') }}
    {% elif file.format == 'jsonl' %}
        {# Numbers get quotes first: Spark would print 12345678.5 as 1.23456785E7. #}
        {% set quoted = "regexp_replace(value, '(\"(?:[^\"\\\\\\\\]|\\\\\\\\.)*\"\\\\s*:\\\\s*)(-?[0-9][0-9.eE+-]*)', '$1\"$2\"')" %}
        {{ return('select ' ~ items | join(', ') ~ ", row_number() over (order by _position) as _record_number, cast(null as string) as _malformed from "
            ~ "(select from_json(" ~ quoted ~ ", 'map<string,string>') as _values, monotonically_increasing_id() as _position from text.`"
            ~ file.full_path ~ "` where trim(value) <> '') as lines") }}
    {% endif %}
    {% set view = 'boussole_raw_' ~ table ~ '_' ~ number %}
    {% set types = [] %}
    {% for name in file.columns %}{% do types.append('`' ~ (name if name else 'column' ~ loop.index) | replace('`', '``') ~ '` string') %}{% endfor %}
    {% do run_query('create or replace temporary view ' ~ view ~ ' (' ~ types | join(', ') ~ ', _malformed string) using csv options (path '
        ~ sql_text(file.full_path) ~ ", header 'true', multiLine 'true', quote '\"', escape '\"', mode 'PERMISSIVE', "
        ~ "columnNameOfCorruptRecord '_malformed', columnPruning 'false', ignoreLeadingWhiteSpace 'false', ignoreTrailingWhiteSpace 'false')") %}
    {{ return('select ' ~ items | join(', ') ~ ', ' ~ position ~ ', _malformed from ' ~ view) }}
{% endmacro %}

{# One statement for all files: each one would be a commit of its own. #}
{% macro spark_write_registry(changed, folder, contract) %}
    {% set counts = [] %}
    {% for table in changed if folder[table] %}
        {% do counts.append("select '" ~ table ~ "' as table_name, _source_file, count(*) as row_count from raw." ~ table ~ " group by _source_file") %}
    {% endfor %}
    {% if not counts %}{{ return('') }}{% endif %}
    {% set files = [] %}
    {% for table in changed %}
        {% for file in folder[table] %}
            {% do files.append('(' ~ [sql_text(table), sql_text(file.path), sql_text(file.format), file.size_bytes,
                'timestamp ' ~ sql_text(file.modified_at), sql_text(file.checksum), sql_text(file.unknown or ''), sql_text(raw_dir()),
                sql_text(contract[table].columns.keys() | join(','))] | join(', ') ~ ')') %}
        {% endfor %}
    {% endfor %}
    {% do run_query("insert into raw.file_registry select files.table_name, files.path, files.format, files.size_bytes, files.modified_at, "
        ~ "files.checksum, coalesce(counted.row_count, 0), files.unknown_columns, files.raw_dir, files.contract_columns from values "
        ~ files | join(', ') ~ " as files (table_name, path, format, size_bytes, modified_at, checksum, unknown_columns, raw_dir, contract_columns) "
        ~ "left join (" ~ counts | join(' union all ') ~ ") as counted on files.table_name = counted.table_name and files.path = counted._source_file") %}
{% endmacro %}
