-- grain: one row per subscription and price period that was live for at least a day by the as-of date
with clock as (
    select as_of_date from {{ ref('stg_run__clock') }}
),

periods as (
    select
        subscriptions.subscription_id,
        subscriptions.account_id,
        subscriptions.product_id,
        subscriptions.rep_id,
        subscriptions.started_on,
        subscriptions.ended_on as stated_ended_on,
        subscriptions.mrr,
        subscriptions.currency,
        lead(subscriptions.started_on) over (partition by subscriptions.subscription_id order by subscriptions.started_on) as next_started_on
    from {{ ref('stg_crm__subscriptions') }} as subscriptions
    cross join clock
    where subscriptions.started_on <= clock.as_of_date
),

bounded as (
    select
        periods.subscription_id,
        periods.account_id,
        survivors.customer_id,
        periods.product_id,
        periods.rep_id,
        periods.started_on,
        -- a price change ends the price before it
        least(
            coalesce(periods.stated_ended_on, cast('9999-12-31' as date)), coalesce(periods.next_started_on, cast('9999-12-31' as date))
        ) as ended_on,
        periods.mrr,
        periods.currency
    from periods
    inner join {{ ref('int_account_survivors') }} as survivors on periods.account_id = survivors.account_id
),

final as (
    select * from bounded
    where started_on < ended_on
)

select * from final
