-- One order per purchase. The file has no key: the order id is the number of the purchase in the file, so that the 255
-- purchases that repeat an earlier line stay purchases. Without a table of customers all of them are inferred.
select
    purchase_number as order_id,
    purchase_date as ordered_at,
    customer_id as account_id,
    'completed' as status,
    'USD' as currency
from purchases
order by purchase_number
