-- grain: one row per target_month, entity_type, entity_id and metric
with targets as (
    select
        *,
        metric in ('mrr', 'arr', 'open_pipeline', 'weighted_pipeline')
        or metric like '%_revenue' or metric like '%_amount' or metric like '%_margin' or metric like '%_mrr' as is_money
    from {{ ref('stg_crm__targets') }}
),

final as (
    select
        targets.target_month,
        targets.entity_type,
        targets.entity_id,
        targets.metric,
        targets.is_money,
        case when targets.is_money then targets.currency end as currency,
        targets.target_value as original_target_value,
        case
            when targets.is_money then {{ to_reporting_currency('targets.target_value', 'rates.rate') }}
            else targets.target_value
        end as target_value,
        targets.is_money and rates.rate is null as is_fx_missing
    from targets
    left join {{ ref('int_exchange_rates') }} as rates on {{ rate_on('rates', 'targets.currency', 'targets.target_month') }}
)

select * from final
