{# The share of a table's rows in quarantine above which a run warns or stops, as SQL over `table_name`: that of the table, else that of all. #}
{% macro quarantine_limit(level) -%}
{%- set limits = var('quarantine_limits') -%}
coalesce(
    {% for table, levels in limits.items() if level in levels %}
    case when table_name = '{{ table }}' then cast({{ levels[level] }} as double) end,
    {% endfor %}
    cast({{ var('quarantine_' ~ level ~ '_share') }} as double)
)
{%- endmacro %}

{# The tables of which more than the limit of a level is in quarantine. #}
{% macro tables_beyond_quarantine_limit(level) -%}
with limited as (
    select
        table_name,
        rows_read,
        quarantined,
        {{ safe_divide('quarantined', 'rows_read') }} as quarantined_share,
        {{ quarantine_limit(level) }} as {{ level }}_share
    from {{ ref('row_accounting') }}
)

select * from limited
where quarantined_share > {{ level }}_share
{%- endmacro %}

{# Stops the run where a limit is no share or names no raw table. #}
{% macro check_quarantine_vars() %}
    {% for name in ['quarantine_warn_share', 'quarantine_stop_share'] %}
        {% if not is_share(var(name)) %}{% do stop_var(name, 'a number from 0 to 1') %}{% endif %}
    {% endfor %}
    {% set allowed = 'a mapping of raw tables to {warn: share, stop: share}, for example {orders: {stop: 0.01}}' %}
    {% if var('quarantine_limits') is not mapping %}{% do stop_var('quarantine_limits', allowed) %}{% endif %}
    {% for table, levels in var('quarantine_limits').items() %}
        {% if table not in raw_table_names() or levels is not mapping or levels.keys() | reject('in', ['warn', 'stop']) | list %}
            {% do stop_var('quarantine_limits', allowed) %}
        {% endif %}
        {% for share in levels.values() if not is_share(share) %}{% do stop_var('quarantine_limits', allowed) %}{% endfor %}
    {% endfor %}
{% endmacro %}

{% macro is_share(value) %}{{ return(value is number and value is not boolean and value >= 0 and value <= 1) }}{% endmacro %}
