-- What was bought. Amounts are worked out here, in the order's currency; how they are written down varies by line.
create table work.line_slots as
select
    purchases.purchase_no,
    purchases.month_index,
    currencies.price_factor,
    accounts.size_factor,
    case accounts.segment when 'Enterprise' then 5 else 0 end as extra_discount,
    unnest(range(1, 2 + cast(floor(
        3.6 * draw('line.count', purchases.purchase_no) * sqrt(draw('line.count', purchases.purchase_no))
    ) as bigint))) as line_no
from work.purchases
inner join work.accounts on purchases.account_no = accounts.account_no
inner join work.currencies on accounts.currency = currencies.currency;

create table work.order_lines as
with chosen as (
    select
        slots.purchase_no,
        slots.line_no,
        slots.size_factor,
        slots.extra_discount,
        slots.purchase_no * 8 + slots.line_no as line_key,
        pick(months.products, 'line.product', slots.purchase_no * 8 + slots.line_no) as product_no,
        months.price_index * slots.price_factor as price_factor
    from work.line_slots as slots
    inner join work.months on slots.month_index = months.month_index
),

priced as (
    select
        chosen.purchase_no, chosen.line_no, chosen.line_key, chosen.product_no,
        chosen.size_factor
        * (products.least_quantity + products.quantity_span * draw('line.quantity', chosen.line_key)) as wish,
        products.category = 'Service' as is_service,
        money(products.first_price * chosen.price_factor) as list_price,
        cast(case when chance('line.discounted', chosen.line_key, 0.48)
            then floor(3 + 17 * draw('line.discount', chosen.line_key) + chosen.extra_discount)
            else 0
        end as bigint) as discount_percent,
        money(
            products.first_price * chosen.price_factor * products.cost_share
            * (0.96 + 0.08 * draw('line.cost', chosen.line_key))
        ) as unit_cost
    from chosen
    inner join work.products on chosen.product_no = products.product_no
),

-- days are sold by the half
counted as (
    select
        * exclude (wish, is_service),
        cast(greatest(1, if(is_service, round(2 * wish) / 2, round(wish))) as decimal(18, 4)) as quantity
    from priced
),

discounted as (
    select
        *,
        money(quantity * list_price) as gross_amount,
        money(quantity * list_price * discount_percent / 100) as discount_amount
    from counted
)

select *, cast(gross_amount - discount_amount as decimal(18, 4)) as sold_amount
from discounted;

create macro order_id(purchase_no) as printf('O%06d', cast(purchase_no as bigint));
create macro order_line_id(purchase_no, line_no) as order_id(purchase_no) || '-' || cast(line_no as varchar);

-- Most exports give price and discount, some the total only, some a net price beside the list price.
create table raw.order_lines as
with styled as (
    select *, draw('line.style', line_key) as style from work.order_lines
)

select
    order_line_id(purchase_no, line_no) as order_line_id,
    order_id(purchase_no) as order_id,
    case when not chance('line.no_product', line_key, 0.004) then printf('P%03d', product_no) end as product_id,
    quantity,
    case when style < 0.6 then list_price when style < 0.85 then null
        else cast(round(sold_amount / quantity, 4) as decimal(18, 4)) end as unit_price,
    case when style >= 0.6 then sold_amount end as line_amount,
    case when style >= 0.1 then list_price end as list_price,
    case when style < 0.85 and discount_amount > 0 then discount_amount end as discount_amount,
    case when chance('line.has_cost', line_key, 0.2) then unit_cost end as unit_cost,
    cast(null as timestamp) as updated_at,
    cast(null as boolean) as is_deleted,
    cast(null as varchar) as _plant
from styled;
