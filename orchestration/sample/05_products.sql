-- Some products come or go in mid-history; no column says so, only the sales do.
create table work.products as
with categories (
    category_no, category, least_price, price_span, cost_share, least_quantity, quantity_span, is_recurring
) as (
    values
        (0, 'Logiciel', 190, 900, 0.34, 1, 6, false),
        (1, 'Abonnement', 120, 460, 0.28, 1, 4, true),
        (2, 'Matériel', 90, 850, 0.62, 1, 5, false),
        (3, 'Service', 320, 380, 0.54, 1, 7, false),
        (4, 'Formation', 350, 480, 0.48, 1, 3, false),
        (5, 'Consommable', 8, 38, 0.58, 10, 60, false)
),

numbered as (
    select cast(i + 1 as bigint) as product_no
    from range(getvariable('products')) as numbers (i)
)

select
    numbered.product_no,
    printf('P%03d', numbered.product_no) as product_id,
    categories.category || ' '
    || pick(
        ['Azur', 'Boréal', 'Cardinal', 'Delta', 'Éole', 'Fanal', 'Garance', 'Horizon'],
        'product.name', numbered.product_no
    )
    || ' ' || numbered.product_no as product_name,
    categories.category,
    categories.is_recurring,
    categories.least_quantity,
    categories.quantity_span,
    round(categories.least_price + categories.price_span * draw('product.price', numbered.product_no), 0)
        as first_price,
    categories.cost_share - 0.06 + 0.12 * draw('product.cost', numbered.product_no) as cost_share,
    case when chance('product.new', numbered.product_no, 0.2)
        then 4 + draw_integer('product.launch', numbered.product_no, 18) else 0 end as launch_month,
    case when chance('product.old', numbered.product_no, 0.14)
        then 12 + draw_integer('product.end', numbered.product_no, 14) else 999 end as end_month
from numbered
inner join categories on (numbered.product_no - 1) % 6 = categories.category_no;

create macro price_in_month(first_price, price_index) as round(first_price * price_index, 2);

-- One version for each price list; only the newest is today's. A few products have no cost, and two no currency.
create table raw.products as
with price_lists (price_index, priced_at, label) as (
    values
        (1.00, timestamp '2023-01-02 07:00:00', 'price_history'),
        (1.04, timestamp '2024-01-02 07:00:00', 'price_history'),
        (1.07, timestamp '2025-01-02 07:00:00', null)
)

select
    products.product_id,
    products.product_name,
    products.category,
    money(price_in_month(products.first_price, price_lists.price_index)) as list_price,
    case when products.product_no % 11 = 7 then null
        else money(products.first_price * price_lists.price_index * products.cost_share) end as unit_cost,
    case when products.product_no % 17 = 9 then null else 'EUR' end as currency,
    products.is_recurring,
    price_lists.priced_at as updated_at,
    price_lists.label as _plant
from work.products
cross join price_lists;

-- What can be sold in a month.
alter table work.months add column products bigint[];
update work.months set products = (
    select list(products.product_no order by products.product_no) from work.products
    where months.month_index >= products.launch_month and months.month_index < products.end_month
);

-- Price lists abroad: a fixed factor on the euro price.
create table work.currencies (currency varchar, price_factor double);
insert into work.currencies values ('EUR', 1), ('GBP', 0.88), ('USD', 1.10), ('CHF', 0.97);
