-- grain: one row per currency and valid_from
with rates as (
    select
        currency,
        rate_date,
        rate
    from {{ ref('stg_crm__exchange_rates') }}
    where currency <> '{{ var("reporting_currency") }}'
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
