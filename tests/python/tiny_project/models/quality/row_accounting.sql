select 'orders' as table_name, true as is_supplied, count(*) as rows_read, count(*) as rows_staged,
    0 as older_versions, 0 as later_versions, 0 as deleted, 0 as quarantined
from raw.orders
union all
select 'leads', false, 0, 0, 0, 0, 0, 0
