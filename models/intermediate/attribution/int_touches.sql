-- grain: one row per touch: a lead, a deal or a completed order with a campaign
with touches as (
    select
        'lead ' || lead_id as touch_id,
        customer_id,
        opportunity_id,
        cast(null as {{ dbt.type_string() }}) as order_id,
        campaign_id,
        created_at as touched_at,
        created_date as touched_date
    from {{ ref('int_leads') }}
    where exclusion_reason is null
    union all
    select
        'deal ' || deals.opportunity_id as touch_id,
        survivors.customer_id,
        deals.opportunity_id,
        cast(null as {{ dbt.type_string() }}) as order_id,
        deals.campaign_id,
        deals.created_at as touched_at,
        deals.created_date as touched_date
    from {{ ref('int_opportunities') }} as deals
    left join {{ ref('int_account_survivors') }} as survivors on deals.account_id = survivors.account_id
    where deals.exclusion_reason is null
    union all
    select
        'order ' || order_id as touch_id,
        customer_id,
        cast(null as {{ dbt.type_string() }}) as opportunity_id,
        order_id,
        campaign_id,
        ordered_at as touched_at,
        ordered_date as touched_date
    from {{ ref('int_orders') }}
    where exclusion_reason is null
),

final as (
    select *
    from touches
    where campaign_id is not null and touched_date is not null
)

select * from final
