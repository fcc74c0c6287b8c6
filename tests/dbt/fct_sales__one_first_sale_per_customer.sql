-- A customer is won once: one first sale per customer and basis, on its earliest sale date. Else new customers and cac are wrong.
with customers as (
    select
        basis,
        customer_id,
        min(sale_date) as first_sale_date,
        count(distinct case when is_first_sale then sale_id end) as first_sales,
        max(case when is_first_sale then sale_date end) as date_of_first_sale
    from {{ ref('fct_sales') }}
    where customer_id is not null
    group by basis, customer_id
)

select
    basis,
    customer_id,
    first_sales,
    first_sale_date,
    date_of_first_sale
from customers
where first_sales <> 1 or date_of_first_sale <> first_sale_date
union all
select
    basis,
    customer_id,
    1 as first_sales,
    sale_date as first_sale_date,
    sale_date as date_of_first_sale
from {{ ref('fct_sales') }}
where is_first_sale and customer_id is null
