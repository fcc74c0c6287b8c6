-- Service after the sale: one purchase in three leads to a ticket, one ticket in six is a complaint.
create table work.tickets as
with drawn as (
    select
        purchases.purchase_no,
        purchases.account_no,
        draw('ticket.type', purchases.purchase_no) as type_draw,
        purchases.day + 1 + draw_days('ticket.day', purchases.purchase_no, 60) as opened_on
    from work.purchases
    where chance('ticket', purchases.purchase_no, 0.36)
)

select
    row_number() over (order by opened_on, purchase_no) as ticket_no,
    purchase_no, account_no, opened_on,
    case
        when type_draw < 0.17 then 'complaint' when type_draw < 0.5 then 'incident'
        when type_draw < 0.94 then 'question' else 'request'
    end as ticket_type
from drawn
where opened_on <= getvariable('last_day');

create table raw.tickets as
with timed as (
    select
        *,
        business_hours(opened_on, 'ticket.opened', ticket_no) as opened_at,
        business_hours(opened_on, 'ticket.opened', ticket_no)
        + to_minutes(cast(30 + floor(20000 * draw_low('ticket.minutes', ticket_no)) as bigint)) as resolved_at
    from work.tickets
)

select
    printf('TK%05d', ticket_no) as ticket_id,
    case when not chance('ticket.no_account', ticket_no, 0.04) then printf('C%05d', account_no) end as account_id,
    ticket_type,
    opened_at,
    case when resolved_at < cast(getvariable('last_day') as timestamp) + interval 18 hour
        and not chance('ticket.unresolved', ticket_no, 0.02) then resolved_at end as resolved_at,
    case when not chance('ticket.no_severity', ticket_no, 0.1)
        then pick(['low', 'low', 'medium', 'medium', 'high'], 'ticket.severity', ticket_no) end as severity,
    case when chance('ticket.order', ticket_no, 0.4) then order_id(purchase_no) end as order_id,
    exported(resolved_at) as updated_at,
    cast(null as boolean) as is_deleted,
    cast(null as varchar) as _plant
from timed;
