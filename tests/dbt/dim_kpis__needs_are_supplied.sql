-- A metric is available exactly when the tables that it names were supplied, else it names one that was not (KPIs §1, G7). `order_sales` also needs orders
-- as the revenue basis, so that it may name a supplied table; `a|b` needs one of the two.
with named as (
    select
        kpis.metric,
        kpis.needs,
        kpis.is_available,
        kpis.missing_table,
        count(tables.table_name) as named_tables,
        sum(case when tables.is_supplied then 0 else 1 end) as missing_tables,
        max(case when tables.table_name = kpis.missing_table then 1 else 0 end) = 1 as is_missing_table_named
    from {{ ref('dim_kpis') }} as kpis
    inner join {{ ref('stg_run__raw_tables') }} as tables
        on
            ' ' || replace(kpis.needs, '|', ' ') || ' ' like '% ' || tables.table_name || ' %'
            or (tables.table_name in ('orders', 'order_lines') and ' ' || kpis.needs || ' ' like '% order_sales %')
    group by kpis.metric, kpis.needs, kpis.is_available, kpis.missing_table
)

select
    metric,
    needs,
    is_available,
    missing_table,
    named_tables,
    missing_tables
from named
where
    needs not like '%|%'
    and (
        (is_available and missing_tables > 0)
        or (not is_available and missing_tables = 0 and needs not like '%sales%')
        or (not is_available and missing_table is null)
        or (is_available and missing_table is not null)
    )
    or (needs like '%|%' and needs not like '% %' and not is_available and missing_tables < named_tables)
