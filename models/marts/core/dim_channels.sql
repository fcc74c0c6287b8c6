-- grain: one row per acquisition channel that a lead, an account, a campaign or a web visit names, and `unknown`
with final as (
    select channel from {{ ref('stg_crm__leads') }}
    where channel is not null
    union
    select acquisition_channel as channel from {{ ref('stg_crm__accounts') }}
    where acquisition_channel is not null
    union
    select channel from {{ ref('stg_crm__campaigns') }}
    where channel is not null
    union
    select channel from {{ ref('stg_crm__web_visits') }}
    where channel is not null
    union
    select 'unknown' as channel
)

select * from final
