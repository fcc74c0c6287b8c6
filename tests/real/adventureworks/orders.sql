-- Rep, reseller and date are one per order. Amounts are in USD already, whatever the currency key of the order.
-- The order date is a DATE column on purpose: a bare date in a column of the contract that holds timestamps.
select distinct
    SalesOrderNumber as order_id,
    cast(OrderDate as date) as ordered_at,
    cast(ResellerKey as varchar) as account_id,
    cast(EmployeeKey as varchar) as rep_id,
    'completed' as status,
    'USD' as currency
from read_parquet(getvariable('source_dir') || '/FactResellerSales.parquet')
order by order_id
