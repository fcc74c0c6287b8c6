-- A customer with a live subscription at the month's end has a row, is live in it and has no churn (KPIs §5, 4): an open-ended subscription stays live, and
-- a change of price, product or currency is not a customer lost.
with live as (
    select distinct
        months.period_start as month,
        subscriptions.customer_id
    from {{ ref('dim_periods') }} as months
    inner join {{ ref('int_subscription_periods') }} as subscriptions
        on months.measured_on >= subscriptions.started_on and months.measured_on < subscriptions.ended_on
    where months.period_type = 'month' and subscriptions.mrr > 0
)

select
    live.month,
    live.customer_id,
    movements.was_live,
    movements.is_live,
    movements.churned_mrr
from live
left join {{ ref('mrr_movements') }} as movements on live.month = movements.month and live.customer_id = movements.customer_id
where movements.customer_id is null or not movements.is_live or movements.churned_mrr <> 0
