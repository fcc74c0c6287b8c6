-- A return that is divided over the lines of its order adds up to the refund and the quantity that the CRM wrote (KPIs §1, G3 and G6).
with lines as (
    select
        return_id,
        sum(original_returned_amount) as refund_amount,
        sum(quantity) as quantity,
        sum(returned_amount) as returned_amount,
        max(exchange_rate) as exchange_rate
    from {{ ref('fct_returns') }}
    group by return_id
)

select
    lines.return_id,
    returns.refund_amount,
    lines.refund_amount as refund_of_lines,
    returns.quantity,
    lines.quantity as quantity_of_lines,
    {{ to_reporting_currency('returns.refund_amount', 'lines.exchange_rate') }} as converted_refund,
    lines.returned_amount as converted_refund_of_lines
from lines
left join {{ ref('stg_crm__returns') }} as returns on lines.return_id = returns.return_id
where
    returns.return_id is null
    or returns.refund_amount is distinct from lines.refund_amount
    or returns.quantity is distinct from lines.quantity
    or {{ to_reporting_currency('returns.refund_amount', 'lines.exchange_rate') }} is distinct from lines.returned_amount
