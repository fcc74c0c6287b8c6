{#
  The rows near a value that are not in it, with the reason, for the same `asked` as `explain`: rows whose amount is not known or that a source leaves
  out, of the same entity and period; excluded events of the period, of any entity; and of the whole warehouse what was set aside in the raw
  tables of the metric: quarantined records, and in one row the number of older versions, of later ones and of deleted rows (`row_count`).
#}
{% macro exclusions(metric, asked) -%}
with {{ contributed_rows(metric, asked, left_out=true) }},

tables as (
    {{ raw_tables_behind(metric) | indent }}
),

excluded as (
    select distinct
        grain,
        entity_id,
        period_type,
        period_start,
        source,
        coalesce(reason, 'amount_unknown') as reason,
        row_key,
        row_date,
        cast(null as {{ dbt.type_string() }}) as place,
        1 as row_count
    from contributed
    where amount is null
    union all
    select
        periods.grain,
        periods.entity_id,
        periods.period_type,
        periods.period_start,
        events.table_name as source,
        events.exclusion_reason as reason,
        events.row_key,
        events.event_date as row_date,
        cast(null as {{ dbt.type_string() }}) as place,
        1 as row_count
    from periods
    inner join {{ ref('excluded_events') }} as events
        on events.event_date is null or ({{ in_period('periods', 'events.event_date') }})
    inner join tables on events.table_name = tables.table_name
    union all
    select
        periods.grain,
        periods.entity_id,
        periods.period_type,
        periods.period_start,
        quarantined.table_name as source,
        'quarantined: ' || quarantined.reason || coalesce(' ' || quarantined.column_name, '') as reason,
        quarantined.row_key,
        cast(null as date) as row_date,
        quarantined.source_file || ':' || cast(quarantined.record_number as {{ dbt.type_string() }}) as place,
        1 as row_count
    from periods
    cross join {{ ref('quarantined_rows') }} as quarantined
    inner join tables on quarantined.table_name = tables.table_name
    {% for status, reason in {'older_versions': 'older_version', 'later_versions': 'later_version', 'deleted': 'deleted'}.items() %}
    union all
    select
        periods.grain,
        periods.entity_id,
        periods.period_type,
        periods.period_start,
        accounted.table_name as source,
        '{{ reason }}' as reason,
        cast(null as {{ dbt.type_string() }}) as row_key,
        cast(null as date) as row_date,
        cast(null as {{ dbt.type_string() }}) as place,
        accounted.{{ status }} as row_count
    from periods
    cross join {{ ref('row_accounting') }} as accounted
    inner join tables on accounted.table_name = tables.table_name
    where accounted.{{ status }} > 0
    {% endfor %}
)

select
    grain,
    entity_id,
    period_type,
    period_start,
    source,
    reason,
    row_key,
    row_date,
    place,
    cast(row_count as bigint) as row_count
from excluded
order by grain, entity_id, period_start, source, reason, row_key, row_date, place
{%- endmacro %}

{# The raw tables that a metric needs, and those that refine it. #}
{% macro raw_tables_behind(metric) -%}
{%- set refining = [] -%}
{%- for part, source, added in contributing_sources(metric) -%}{%- do refining.extend(contributions()[source].get('tables', [])) -%}{%- endfor -%}
select distinct needs.table_name
from {{ ref('int_supplied_needs') }} as needs
inner join {{ ref('dim_kpis') }} as kpis on ' ' || kpis.needs || ' ' like '% ' || needs.need || ' %'
where kpis.metric = '{{ metric }}'
{%- for table in refining | unique %}
union
select '{{ table }}' as table_name
{%- endfor %}
{%- endmacro %}
