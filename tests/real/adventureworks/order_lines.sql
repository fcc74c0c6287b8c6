-- Net of tax and freight. The price before the discount is no list price of the line: with it, gross would be off the
-- source's own discount by the 378 lines whose amounts are rounded apart (0.0378 in all).
select
    SalesOrderNumber || '-' || SalesOrderLineNumber as order_line_id,
    SalesOrderNumber as order_id,
    cast(ProductKey as varchar) as product_id,
    cast(OrderQuantity as decimal(18, 4)) as quantity,
    cast(UnitPrice as decimal(18, 4)) as unit_price,
    cast(SalesAmount as decimal(18, 4)) as line_amount,
    cast(DiscountAmount as decimal(18, 4)) as discount_amount,
    cast(ProductStandardCost as decimal(18, 4)) as unit_cost
from read_parquet(getvariable('source_dir') || '/FactResellerSales.parquet')
order by SalesOrderNumber, SalesOrderLineNumber
