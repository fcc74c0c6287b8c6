-- grain: one row per campaign, supplied, inferred or `unattributed`
with mentions as (
    {% for table in ['leads', 'opportunities', 'orders', 'campaign_spend', 'web_visits'] %}
    select campaign_id from {{ ref('stg_crm__' ~ table) }}
    union
    {% endfor %}
    select 'unattributed' as campaign_id
),

final as (
    select
        campaign_id,
        campaign_name,
        channel,
        starts_on,
        ends_on,
        false as is_inferred
    from {{ ref('stg_crm__campaigns') }}
    union all
    select
        mentions.campaign_id,
        mentions.campaign_id as campaign_name,
        cast(null as {{ dbt.type_string() }}) as channel,
        cast(null as date) as starts_on,
        cast(null as date) as ends_on,
        mentions.campaign_id <> 'unattributed' as is_inferred
    from mentions
    left join {{ ref('stg_crm__campaigns') }} as campaigns on mentions.campaign_id = campaigns.campaign_id
    where mentions.campaign_id is not null and campaigns.campaign_id is null
)

select * from final
