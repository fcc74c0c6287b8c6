-- The returns of a line reverse its cost once: never beyond it, and all of it when as much came back as was sold. Else returns make margin.
with returned as (
    select
        sale_line_id,
        sum(coalesce(quantity, 0)) as returned_quantity,
        sum(returned_cost_amount) as returned_cost_amount
    from {{ ref('fct_returns') }}
    group by sale_line_id
)

select
    sales.sale_line_id,
    sales.quantity,
    returned.returned_quantity,
    sales.cost_amount,
    returned.returned_cost_amount
from returned
inner join {{ ref('fct_sales') }} as sales on returned.sale_line_id = sales.sale_line_id and sales.basis = 'orders'
where
    (sales.cost_amount is null) <> (returned.returned_cost_amount is null)
    or abs(returned.returned_cost_amount) > abs(sales.cost_amount)
    or returned.returned_cost_amount * sales.cost_amount < 0
    or (sales.quantity > 0 and returned.returned_quantity >= sales.quantity and returned.returned_cost_amount <> sales.cost_amount)
