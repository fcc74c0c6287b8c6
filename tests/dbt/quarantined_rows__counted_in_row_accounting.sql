-- row_accounting counts as quarantined exactly the rows that quarantined_rows shows, each with its reason: what an analyst is told to mend is there to see.
with shown as (
    select
        table_name,
        count(*) as quarantined_rows,
        sum(case when reason is null or reason = '' or source_file is null or record_number is null then 1 else 0 end) as unexplained_rows
    from {{ ref('quarantined_rows') }}
    group by table_name
)

select
    coalesce(accounting.table_name, shown.table_name) as table_name,
    accounting.quarantined,
    shown.quarantined_rows,
    shown.unexplained_rows
from {{ ref('row_accounting') }} as accounting
full outer join shown on accounting.table_name = shown.table_name
where
    accounting.table_name is null
    or accounting.quarantined <> coalesce(shown.quarantined_rows, 0)
    or coalesce(shown.unexplained_rows, 0) > 0
