-- grain: one row per raw table of the contract
with files as (
    select * from {{ source('run', 'file_registry') }}
),

contract as (
    {% for table in raw_table_names() %}
    {% if not loop.first %}union all{% endif %}
    select '{{ table }}' as table_name
    {% endfor %}
),

final as (
    select
        contract.table_name,
        count(files.path) > 0 as is_supplied,
        cast(count(files.path) as bigint) as file_count,
        cast(coalesce(sum(files.row_count), 0) as bigint) as row_count
    from contract
    left join files on contract.table_name = files.table_name
    group by contract.table_name
)

select * from final
