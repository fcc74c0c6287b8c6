-- The last weeks hold orders that are still open. Who is credited is not always written on the order.
create table raw.orders as
with described as (
    select
        purchases.*,
        accounts.account_id,
        accounts.currency,
        owners.rep_no,
        deals.deal_no,
        deal_campaigns.campaign_no,
        campaign_months.campaigns,
        draw('order.status', purchases.purchase_no) as status_draw,
        draw('order.rep', purchases.purchase_no) as rep_draw,
        business_hours(purchases.day, 'order.time', purchases.purchase_no) as ordered_at
    from work.purchases
    inner join work.accounts on purchases.account_no = accounts.account_no
    inner join work.owners
        on purchases.account_no = owners.account_no
        and holds_on(purchases.day, owners.valid_from, owners.valid_to)
    left join work.deals on purchases.purchase_no = deals.purchase_no
    left join work.deal_campaigns on deals.deal_no = deal_campaigns.deal_no
    left join work.campaign_months
        on campaign_months.channel = 'email' and purchases.month_index = campaign_months.month_index
)

select
    order_id(purchase_no) as order_id,
    ordered_at,
    case when is_first or deal_no is not null or not chance('order.no_account', purchase_no, 0.015)
        then account_id end as account_id,
    case
        when deal_no is not null and rep_draw < 0.25 then null
        when deal_no is null and rep_draw < 0.08 then null
        when deal_no is null and rep_draw > 0.995 then rep_id(getvariable('reps'))
        else rep_id(rep_no)
    end as rep_id,
    case when is_first or not chance('order.no_deal', purchase_no, 0.05) then opportunity_id(deal_no) end
        as opportunity_id,
    campaign_id(case
        when deal_no is null and chance('order.campaign', purchase_no, 0.1)
            then pick(campaigns, 'order.which', purchase_no)
        when chance('order.deal_campaign', purchase_no, 0.5) then campaign_no
    end) as campaign_id,
    case
        when is_first then 'completed'
        when status_draw < 0.03 then 'cancelled'
        when status_draw > case when day > getvariable('last_day') - 14 then 0.72 else 0.996 end then 'open'
        else 'completed'
    end as status,
    case when currency <> 'EUR' or not chance('order.no_currency', purchase_no, 0.05) then currency end as currency,
    exported(ordered_at + to_minutes(10 + draw_integer('order.updated', purchase_no, 9000))) as updated_at,
    cast(null as boolean) as is_deleted,
    case when currency = 'CHF' then 'currency_without_rate' end as _plant
from described;

update raw.order_lines
set updated_at = orders.updated_at
from raw.orders
where order_lines.order_id = orders.order_id;
