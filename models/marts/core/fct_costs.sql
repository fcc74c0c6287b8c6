-- grain: one row per operating cost by the as-of date
with final as (
    select
        costs.cost_id,
        costs.cost_month,
        costs.cost_category,
        costs.cost_behaviour,
        costs.team_id,
        costs.currency,
        rates.rate as exchange_rate,
        costs.amount as original_amount,
        {{ to_reporting_currency('costs.amount', 'rates.rate') }} as amount,
        rates.rate is null as is_fx_missing
    from {{ ref('stg_crm__operating_costs') }} as costs
    cross join {{ ref('stg_run__clock') }} as clock
    left join {{ ref('int_exchange_rates') }} as rates on {{ rate_on('rates', 'costs.currency', 'costs.cost_month') }}
    where costs.cost_month <= clock.as_of_date
)

select * from final
