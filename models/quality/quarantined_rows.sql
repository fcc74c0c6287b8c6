-- grain: one row per quarantined raw record
with clock as (
    select as_of_date from {{ ref('stg_run__clock') }}
),

judged as (
    {% for table, keys in raw_table_keys().items() %}
    {% if not loop.first %}union all{% endif %}
    select
        '{{ table }}' as table_name,
        _violation,
        _source_file as source_file,
        _record_number as record_number,
        {% for key in keys %}coalesce(cast({{ key }} as {{ dbt.type_string() }}), ''){% if not loop.last %} || '|' || {% endif %}{% endfor %} as row_key,
        _raw_row as raw_row,
        {{ row_status() }} as row_status
    from {{ ref('base_crm__' ~ table) }}
    cross join clock
    {% endfor %}
),

final as (
    select
        table_name,
        {{ dbt.split_part('_violation', "'|'", 1) }} as reason,
        {{ dbt.split_part('_violation', "'|'", 2) }} as column_name,
        source_file,
        record_number,
        row_key,
        raw_row
    from judged
    where row_status = 'quarantined'
)

select * from final
