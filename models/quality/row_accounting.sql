-- grain: one row per raw table
with clock as (
    select as_of_date from {{ ref('stg_run__clock') }}
),

judged as (
    {% for table in raw_table_names() %}
    {% if not loop.first %}union all{% endif %}
    select
        '{{ table }}' as table_name,
        {{ row_status() }} as row_status,
        _is_rounded as is_rounded
    from {{ ref('base_crm__' ~ table) }}
    cross join clock
    {% endfor %}
),

counted as (
    select
        table_name,
        count(*) as judged_rows,
        {% for status in ['staged', 'older_version', 'later_version', 'deleted', 'quarantined'] %}
        sum(case when row_status = '{{ status }}' then 1 else 0 end) as {{ status }},
        {% endfor %}
        sum(case when is_rounded then 1 else 0 end) as rounded
    from judged
    group by table_name
),

final as (
    select
        raw_tables.table_name,
        raw_tables.is_supplied,
        raw_tables.row_count as rows_read,
        cast(coalesce(counted.staged, 0) as bigint) as rows_staged,
        cast(coalesce(counted.older_version, 0) as bigint) as older_versions,
        cast(coalesce(counted.later_version, 0) as bigint) as later_versions,
        cast(coalesce(counted.deleted, 0) as bigint) as deleted,
        cast(coalesce(counted.quarantined, 0) as bigint) as quarantined,
        cast(coalesce(counted.rounded, 0) as bigint) as rounded_values
    from {{ ref('stg_run__raw_tables') }} as raw_tables
    left join counted on raw_tables.table_name = counted.table_name
)

select * from final
