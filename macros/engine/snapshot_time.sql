{# A snapshot is dated by the as-of date of the build, not by the clock of the machine. The clock is built before: what is snapshotted reads it. #}
{% macro duckdb__snapshot_get_time() -%}
(select cast(as_of_date as timestamp) from {{ api.Relation.create(database=target.get('database'), schema='staging', identifier='stg_run__clock') }})
{%- endmacro %}
{# A literal, so that no statement of a merge needs a subquery. #}
{% macro spark__snapshot_get_time() -%}
cast('{{ run_query("select as_of_date from staging.stg_run__clock").rows[0][0] if execute else "1970-01-01" }}' as timestamp)
{%- endmacro %}
