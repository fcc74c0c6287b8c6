-- gross - discount = sold, of every line in both currencies and of every credit (KPIs §4, 11).
select
    basis,
    sale_line_id,
    'sale' as amounts_of,
    gross_amount,
    discount_amount,
    sold_amount
from {{ ref('fct_sales') }}
where gross_amount - sold_amount is distinct from discount_amount
union all
select
    basis,
    sale_line_id,
    'sale, original currency' as amounts_of,
    original_gross_amount as gross_amount,
    original_discount_amount as discount_amount,
    original_sold_amount as sold_amount
from {{ ref('fct_sales') }}
where original_gross_amount - original_sold_amount is distinct from original_discount_amount
union all
select
    basis,
    sale_line_id,
    'credit of ' || rep_id as amounts_of,
    gross_amount,
    discount_amount,
    sold_amount
from {{ ref('fct_sale_credits') }}
where gross_amount - sold_amount is distinct from discount_amount
