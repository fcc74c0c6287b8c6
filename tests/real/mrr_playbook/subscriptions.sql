-- The file numbers every period. In the contract a price change is a new row of the same subscription: a period that
-- starts on the day on which the customer's period before it ended belongs to the same subscription; a gap ends it.
with periods as (
    select
        *,
        start_date is distinct from lag(end_date) over (partition by customer_id order by start_date) as is_first
    from period_file
)

select
    max(case when is_first then cast(subscription_id as integer) end) over (
        partition by customer_id order by start_date
    ) as subscription_id,
    start_date as started_on,
    customer_id as account_id,
    end_date as ended_on,
    monthly_amount as mrr
from periods
order by customer_id, started_on
