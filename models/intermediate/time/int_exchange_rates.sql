-- grain: one row per currency and valid_from
with rates as (
    -- a rate of a later day is not known yet: the target of a later month is converted at the latest one
    select
        rates.currency,
        rates.rate_date,
        rates.rate
    from {{ ref('stg_crm__exchange_rates') }} as rates
    cross join {{ ref('stg_run__clock') }} as clock
    where rates.currency <> '{{ var("reporting_currency") }}' and rates.rate_date <= clock.as_of_date
),

final as (
    select
        currency,
        rate_date as valid_from,
        coalesce(lead(rate_date) over (partition by currency order by rate_date), cast('9999-12-31' as date)) as valid_to,
        rate
    from rates
    union all
    select
        '{{ var("reporting_currency") }}' as currency,
        cast('1900-01-01' as date) as valid_from,
        cast('9999-12-31' as date) as valid_to,
        cast(1 as {{ rate_type() }}) as rate
)

select * from final
