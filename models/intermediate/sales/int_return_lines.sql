-- grain: one row per staged return and line that it concerns, with the reason why it does not count
with clock as (
    select as_of_date from {{ ref('stg_run__clock') }}
),

returns as (
    select
        returns.return_id,
        returns.order_id,
        returns.returned_at,
        returns.returned_date,
        returns.quantity,
        returns.refund_amount,
        -- converted before it is divided, so that the parts add up in both currencies
        {{ to_reporting_currency('returns.refund_amount', 'rates.rate') }} as returned_amount,
        rates.rate as exchange_rate,
        lines.order_line_id,
        case
            when orders.order_id is null then 'order_unknown'
            when orders.exclusion_reason is not null then orders.exclusion_reason
            when returns.returned_date > clock.as_of_date then 'in_the_future'
        end as exclusion_reason
    from {{ ref('stg_crm__returns') }} as returns
    cross join clock
    left join {{ ref('int_orders') }} as orders on returns.order_id = orders.order_id
    left join {{ ref('int_exchange_rates') }} as rates on {{ rate_on('rates', 'orders.currency', 'returns.returned_date') }}
    -- a line of another order says nothing about this one
    left join {{ ref('int_order_lines') }} as lines on returns.order_line_id = lines.order_line_id and returns.order_id = lines.order_id
),

candidates as (
    -- without a line: every line of the order
    select
        returns.return_id,
        returns.order_id,
        returns.returned_at,
        returns.returned_date,
        returns.quantity,
        returns.refund_amount,
        returns.returned_amount,
        returns.exchange_rate,
        returns.exclusion_reason,
        returns.order_line_id is not null as is_line_known,
        lines.order_line_id,
        lines.sold_amount as line_sold_amount
    from returns
    left join {{ ref('int_order_lines') }} as lines
        on
            returns.order_id = lines.order_id
            and (returns.order_line_id is null or returns.order_line_id = lines.order_line_id)
),

allocated as (
    {{ allocate(
        'candidates',
        {'line_quantity': 'quantity', 'line_refund_amount': 'refund_amount', 'line_returned_amount': 'returned_amount'},
        'line_sold_amount', ['return_id'], ["coalesce(order_line_id, '')"]
    ) | indent }}
),

final as (
    select
        return_id,
        order_id,
        order_line_id,
        is_line_known,
        returned_at,
        returned_date,
        line_quantity as quantity,
        line_refund_amount as refund_amount,
        line_returned_amount as returned_amount,
        exchange_rate,
        exclusion_reason
    from allocated
)

select * from final
