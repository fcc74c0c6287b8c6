-- grain: one row per product, supplied or inferred
with mentions as (
    select member_id as product_id from {{ ref('int_mentions') }}
    where member = 'product'
),

final as (
    select
        product_id,
        product_name,
        category,
        list_price,
        unit_cost,
        currency,
        is_recurring,
        false as is_inferred
    from {{ ref('stg_crm__products') }}
    union all
    select
        mentions.product_id,
        mentions.product_id as product_name,
        cast(null as {{ dbt.type_string() }}) as category,
        cast(null as {{ money_type() }}) as list_price,
        cast(null as {{ money_type() }}) as unit_cost,
        cast(null as {{ dbt.type_string() }}) as currency,
        cast(null as boolean) as is_recurring,
        true as is_inferred
    from mentions
    left join {{ ref('stg_crm__products') }} as products on mentions.product_id = products.product_id
    where products.product_id is null
)

select * from final
