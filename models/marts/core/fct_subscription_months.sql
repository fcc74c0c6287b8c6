-- grain: one row per subscription and month at whose end it is live or was at the evening before
with bounds as (
    select
        {{ month_of('min(periods.started_on)') }} as first_month,
        min(clock.as_of_date) as as_of_date
    from {{ ref('int_subscription_periods') }} as periods
    cross join {{ ref('stg_run__clock') }} as clock
),

-- from the first subscription on, also before the calendar: what came first decides what is new
months as (
    select
        {{ add_months('bounds.first_month', 'numbers.number') }} as month,
        least({{ month_end(add_months('bounds.first_month', 'numbers.number')) }}, bounds.as_of_date) as measured_on
    from bounds
    inner join {{ ref('int_numbers') }} as numbers
        on numbers.number <= {{ months_between('bounds.first_month', 'bounds.as_of_date') }}
),

live as (
    select
        months.month,
        periods.subscription_id,
        periods.customer_id,
        periods.product_id,
        periods.rep_id,
        periods.currency,
        periods.mrr
    from {{ ref('int_subscription_periods') }} as periods
    inner join months on periods.started_on <= months.measured_on and periods.ended_on > months.measured_on
),

-- a subscription may change hands or currency with its price: the row before and the row after are kept apart
moved as (
    select
        month,
        subscription_id,
        customer_id,
        currency,
        product_id,
        rep_id,
        mrr as original_mrr,
        cast(null as {{ money_type() }}) as opening_original_mrr
    from live
    union all
    select
        {{ add_months('month', 1) }} as month,
        subscription_id,
        customer_id,
        currency,
        product_id,
        rep_id,
        cast(null as {{ money_type() }}) as original_mrr,
        mrr as opening_original_mrr
    from live
),

subscription_months as (
    select
        month,
        subscription_id,
        customer_id,
        currency,
        max(case when original_mrr is not null then product_id end) as closing_product_id,
        max(product_id) as product_id,
        max(case when original_mrr is not null then rep_id end) as closing_rep_id,
        max(rep_id) as rep_id,
        max(original_mrr) as original_mrr,
        max(opening_original_mrr) as opening_original_mrr
    from moved
    group by month, subscription_id, customer_id, currency
),

converted as (
    select
        subscriptions.month,
        subscriptions.subscription_id,
        subscriptions.customer_id,
        subscriptions.currency,
        coalesce(subscriptions.closing_product_id, subscriptions.product_id) as product_id,
        coalesce(subscriptions.closing_rep_id, subscriptions.rep_id) as rep_id,
        subscriptions.opening_original_mrr,
        subscriptions.original_mrr,
        opening_rates.rate as opening_exchange_rate,
        closing_rates.rate as exchange_rate,
        {{ to_reporting_currency('subscriptions.opening_original_mrr', 'opening_rates.rate') }} as opening_mrr,
        {{ to_reporting_currency('subscriptions.opening_original_mrr', 'closing_rates.rate') }} as opening_mrr_at_closing_rate,
        {{ to_reporting_currency('subscriptions.original_mrr', 'closing_rates.rate') }} as mrr
    from subscription_months as subscriptions
    inner join months on subscriptions.month = months.month
    left join {{ ref('int_exchange_rates') }} as opening_rates
        on {{ rate_on('opening_rates', 'subscriptions.currency', add_days('subscriptions.month', -1)) }}
    left join {{ ref('int_exchange_rates') }} as closing_rates
        on {{ rate_on('closing_rates', 'subscriptions.currency', 'months.measured_on') }}
),

final as (
    select
        month,
        subscription_id,
        customer_id,
        product_id,
        rep_id,
        currency,
        coalesce(opening_original_mrr > 0, false) as was_live,
        coalesce(original_mrr > 0, false) as is_live,
        opening_original_mrr,
        original_mrr,
        opening_exchange_rate,
        exchange_rate,
        opening_mrr,
        mrr,
        -- a rate that was missing before makes no new business
        cast(coalesce(opening_mrr_at_closing_rate, 0) - coalesce(opening_mrr, 0) as {{ money_type() }}) as fx_mrr,
        (original_mrr is not null and exchange_rate is null) or (opening_original_mrr is not null and opening_exchange_rate is null)
            as is_fx_missing
    from converted
)

select * from final
