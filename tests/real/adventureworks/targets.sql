-- A quota belongs to the months of its quarter, in thirds that add up to it: rounded down, the rest to the last month.
-- The quota's date is the first day of its quarter, moved by 2,007 days with all dates of the source: it falls up to
-- four days before the quarter, so the calendar year and quarter beside it are wrong (10 keys twice, some quarters
-- never). The quarter whose first day is the nearest is the one that was meant: each rep then has one quota a quarter.
with quotas as (
    select
        cast(EmployeeKey as varchar) as entity_id,
        date_trunc('quarter', "Date" + interval 45 days) as quarter_start,
        cast(SalesAmountQuota as decimal(18, 4)) as quota,
        cast(cast(SalesAmountQuota * 10000 as bigint) // 3 as decimal(18, 0)) as third_in_units
    from read_parquet(getvariable('source_dir') || '/FactSalesQuota.parquet')
),

months as (
    select
        quotas.*,
        unnest([0, 1, 2]) as month_of_quarter,
        cast(third_in_units / 10000 as decimal(18, 4)) as third
    from quotas
)

select
    cast(quarter_start + to_months(month_of_quarter) as date) as target_month,
    'rep' as entity_type,
    entity_id,
    'net_revenue' as metric,
    cast(case month_of_quarter when 2 then quota - 2 * third else third end as decimal(18, 4)) as target_value,
    'USD' as currency
from months
order by entity_id, target_month
