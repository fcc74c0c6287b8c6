-- One line in thirty comes back, most within the month, some long after; not every return says which line or how much.
create table raw.returns as
with drawn as (
    select
        order_lines.*,
        purchases.day,
        orders.updated_at as order_updated_at,
        row_number() over (order by order_lines.purchase_no, order_lines.line_no) as return_no,
        purchases.day + cast(case
            when chance('return.late', line_key, 0.22) then 31 + draw_integer('return.late_days', line_key, 120)
            else 2 + draw_integer('return.days', line_key, 27)
        end as integer) as returned_on,
        cast(greatest(1, round(quantity * (0.3 + 0.7 * draw('return.part', line_key)))) as decimal(18, 4))
            as returned_quantity
    from work.order_lines
    inner join work.purchases on order_lines.purchase_no = purchases.purchase_no
    inner join raw.orders on order_id(order_lines.purchase_no) = orders.order_id
    where orders.status = 'completed' and chance('return', line_key, 0.036)
)

select
    printf('RT%05d', return_no) as return_id,
    order_id(purchase_no) as order_id,
    case when not chance('return.no_line', line_key, 0.14) then order_line_id(purchase_no, line_no) end
        as order_line_id,
    business_hours(returned_on, 'return.time', line_key) as returned_at,
    case when not chance('return.no_quantity', line_key, 0.1) then least(quantity, returned_quantity) end as quantity,
    cast(round(sold_amount * least(quantity, returned_quantity) / quantity, 2) as decimal(18, 4)) as refund_amount,
    pick(['defective', 'wrong_item', 'late_delivery', 'changed_mind', 'not_as_described'], 'return.reason', line_key)
        as reason,
    exported(business_hours(returned_on, 'return.time', line_key) + interval 20 minute) as updated_at,
    cast(null as varchar) as _plant
from drawn
where returned_on <= getvariable('last_day');
