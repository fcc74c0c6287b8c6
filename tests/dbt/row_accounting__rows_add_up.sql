-- Rows read = staged + older versions + later versions + deleted + quarantined, per raw table (KPIs §4, 10): no row of an export is lost in silence.
-- What it calls staged is what the staging model has.
with staged as (
    {% for table in raw_table_names() %}
    {% if not loop.first %}union all{% endif %}
    select
        '{{ table }}' as table_name,
        count(*) as rows_in_staging
    from {{ ref('stg_crm__' ~ table) }}
    {% endfor %}
)

select
    staged.table_name,
    accounting.rows_read,
    accounting.rows_staged,
    staged.rows_in_staging,
    accounting.older_versions,
    accounting.later_versions,
    accounting.deleted,
    accounting.quarantined
from staged
left join {{ ref('row_accounting') }} as accounting on staged.table_name = accounting.table_name
where
    accounting.table_name is null
    or accounting.rows_staged <> staged.rows_in_staging
    or accounting.rows_read
    <> accounting.rows_staged + accounting.older_versions + accounting.later_versions + accounting.deleted + accounting.quarantined
