-- grain: one row per rep id that a row mentions which exists on the as-of date
with accounts as (
    select
        account_id,
        owner_rep_id
    from {{ ref('int_accounts') }}
),

mentions as (
    select member_id as rep_id from {{ ref('int_mentions') }}
    where member = 'rep'
    union
    select owner_rep_id as rep_id from accounts
    union
    select versions.owner_rep_id as rep_id
    from {{ ref('stg_crm__account_versions') }} as versions
    left join {{ ref('stg_crm__accounts') }} as staged on versions.account_id = staged.account_id
    left join accounts on versions.account_id = accounts.account_id
    where staged.account_id is null or accounts.account_id is not null
),

final as (
    select rep_id
    from mentions
    where rep_id is not null and rep_id <> 'unassigned'
)

select * from final
