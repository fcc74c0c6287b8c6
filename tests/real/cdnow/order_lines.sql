select
    purchase_number as order_line_id,
    purchase_number as order_id,
    cds as quantity,
    dollars as line_amount
from purchases
order by purchase_number
