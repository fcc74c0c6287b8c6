-- grain: one row per campaign, supplied, inferred or `unattributed`
with mentions as (
    select member_id as campaign_id from {{ ref('int_mentions') }}
    where member = 'campaign'
    union
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
    where campaigns.campaign_id is null
)

select * from final
