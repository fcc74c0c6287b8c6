-- Orders and won deals are never added up: only one basis is revenue (KPIs §1, G1). Else every won and ordered deal counts twice.
select
    sales.basis,
    bases.revenue_basis,
    sales.is_revenue_basis,
    count(*) as sale_lines
from {{ ref('fct_sales') }} as sales
cross join {{ ref('int_revenue_basis') }} as bases
where sales.is_revenue_basis <> (sales.basis = bases.revenue_basis)
group by sales.basis, bases.revenue_basis, sales.is_revenue_basis
