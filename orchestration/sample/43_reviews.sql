-- Public opinions after a purchase; about half get a reply.
create table raw.reviews as
with drawn as (
    select
        purchases.purchase_no,
        purchases.account_no,
        order_lines.product_no,
        purchases.day + 10 + draw_days('review.day', purchases.purchase_no, 70) as reviewed_on,
        pick(['Google', 'Google', 'Trustpilot', 'Capterra', 'Appvizer'], 'review.platform', purchases.purchase_no)
            as platform
    from work.purchases
    inner join work.order_lines on purchases.purchase_no = order_lines.purchase_no and order_lines.line_no = 1
    where chance('review', purchases.purchase_no, 0.17)
),

rated as (
    select
        *,
        row_number() over (order by reviewed_on, purchase_no) as review_no,
        business_hours(reviewed_on, 'review.time', purchase_no) as reviewed_at,
        list_extract([5, 5, 5, 4, 4, 4, 3, 2, 1], 1 + draw_integer('review.rating', purchase_no, 9)) as stars,
        business_hours(reviewed_on, 'review.time', purchase_no)
        + to_minutes(cast(30 + floor(9000 * draw_low('review.delay', purchase_no)) as bigint)) as replied_at
    from drawn
    where reviewed_on <= getvariable('last_day')
)

select
    printf('RV%04d', review_no) as review_id,
    platform,
    reviewed_at,
    cast(if(platform = 'Appvizer', 2 * stars - if(purchase_no % 3 = 0, 1, 0), stars) as decimal(18, 4)) as rating,
    cast(case when platform = 'Appvizer' then 10 when platform = 'Google' then 5 end as decimal(18, 4)) as rating_max,
    case when chance('review.account', purchase_no, 0.45) then printf('C%05d', account_no) end as account_id,
    case when chance('review.product', purchase_no, 0.7) then printf('P%03d', product_no) end as product_id,
    case when chance('review.comment', purchase_no, 0.2) then pick(
        ['Simple, efficace', E'Bien.\nSupport lent, hélas', 'Rapport qualité-prix correct'], 'review.text', purchase_no
    ) end as comment,
    case when chance('review.reply', purchase_no, 0.55)
        and replied_at < cast(getvariable('last_day') as timestamp) + interval 20 hour then replied_at
    end as replied_at,
    exported(reviewed_at + interval 8 day) as updated_at,
    cast(null as boolean) as is_deleted,
    cast(null as varchar) as _plant
from rated;
