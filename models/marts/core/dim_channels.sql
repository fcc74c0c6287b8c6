-- grain: one row per acquisition channel that a lead, an account, a campaign or a web visit names, and `unknown`
with final as (
    select member_id as channel from {{ ref('int_mentions') }}
    where member = 'channel'
    union
    select acquisition_channel as channel from {{ ref('int_accounts') }}
    where acquisition_channel is not null
    union
    select 'unknown' as channel
)

select * from final
