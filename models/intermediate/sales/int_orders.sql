-- grain: one row per staged order, with its customer, its rate and the reason why it is not a sale
with clock as (
    select as_of_date from {{ ref('stg_run__clock') }}
),

final as (
    select
        orders.order_id,
        orders.account_id,
        survivors.customer_id,
        orders.rep_id,
        orders.opportunity_id,
        orders.campaign_id,
        orders.currency,
        orders.ordered_at,
        orders.ordered_date,
        rates.rate as exchange_rate,
        case
            when orders.status <> 'completed' then 'order_not_completed'
            when orders.ordered_date > clock.as_of_date then 'in_the_future'
        end as exclusion_reason
    from {{ ref('stg_crm__orders') }} as orders
    cross join clock
    left join {{ ref('int_account_survivors') }} as survivors on orders.account_id = survivors.account_id
    left join {{ ref('int_exchange_rates') }} as rates on {{ rate_on('rates', 'orders.currency', 'orders.ordered_date') }}
)

select * from final
