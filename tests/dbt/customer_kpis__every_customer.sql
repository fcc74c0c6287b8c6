-- Spine rows = mart rows (KPIs §4, 2): every customer has one row, also without a purchase. Who is missing can need no attention.
select
    coalesce(customers.customer_id, marts.customer_id) as customer_id,
    case when marts.customer_id is null then 'missing' else 'not a customer' end as problem
from {{ ref('dim_customers') }} as customers
full outer join {{ ref('customer_kpis') }} as marts on customers.customer_id = marts.customer_id
where customers.customer_id is null or marts.customer_id is null
