-- A return is charged to the rep and team of the original sale, in the same shares, also after a move (KPIs §1, G3).
select
    returns.return_id,
    returns.sale_line_id,
    returns.rep_id,
    returns.team_id,
    returns.credit_share,
    sales.team_id as team_of_sale,
    sales.credit_share as share_of_sale
from {{ ref('fct_return_credits') }} as returns
left join {{ ref('fct_sale_credits') }} as sales
    on returns.sale_line_id = sales.sale_line_id and returns.rep_id = sales.rep_id and sales.basis = 'orders'
where sales.sale_line_id is null or returns.team_id <> sales.team_id or returns.credit_share <> sales.credit_share
