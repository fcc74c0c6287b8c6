-- grain: one row per campaign and day with spend by the as-of date
with final as (
    select
        spend.campaign_id,
        spend.spend_date,
        spend.currency,
        rates.rate as exchange_rate,
        spend.amount as original_amount,
        {{ to_reporting_currency('spend.amount', 'rates.rate') }} as amount,
        rates.rate is null as is_fx_missing
    from {{ ref('stg_crm__campaign_spend') }} as spend
    cross join {{ ref('stg_run__clock') }} as clock
    left join {{ ref('int_exchange_rates') }} as rates on {{ rate_on('rates', 'spend.currency', 'spend.spend_date') }}
    where spend.spend_date <= clock.as_of_date
)

select * from final
