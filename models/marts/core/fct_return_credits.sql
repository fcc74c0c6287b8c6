-- grain: one row per return, order line and rep credited with the original sale
{{ config(partition_by=by_month('returned_date')) }}
with credited as (
    select
        returns.*,
        credits.rep_id,
        credits.team_id,
        credits.is_team_assumed,
        credits.credit_share
    from {{ ref('fct_returns') }} as returns
    inner join {{ ref('fct_sale_credits') }} as credits
        on returns.sale_line_id = credits.sale_line_id and credits.basis = 'orders'
),

allocated as (
    {{ allocate(
        'credited', {'credited_returned_amount': 'returned_amount', 'credited_returned_cost_amount': 'returned_cost_amount'},
        'credit_share', ['return_id', 'sale_line_id'], ['rep_id']
    ) | indent }}
),

final as (
    select
        allocated.return_id,
        allocated.sale_line_id,
        allocated.rep_id,
        allocated.team_id,
        allocated.is_team_assumed,
        allocated.is_revenue_basis,
        allocated.sale_id,
        allocated.customer_id,
        allocated.product_id,
        allocated.returned_date,
        allocated.has_line,
        allocated.credit_share,
        allocated.credited_returned_amount as returned_amount,
        allocated.credited_returned_cost_amount as returned_cost_amount,
        allocated.has_margin
    from allocated
)

select * from final
