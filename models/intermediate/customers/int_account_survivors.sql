-- grain: one row per account id that a row which exists on the as-of date defines or mentions, with the account that survives its merges
{# Each round doubles the length of a chain that is followed: 6 rounds reach 64 merges. #}
{% set rounds = 6 %}

with mentions as (
    select member_id as account_id from {{ ref('int_mentions') }}
    where member = 'account'
    union
    select merged_into_account_id as account_id from {{ ref('int_accounts') }}
),

-- merged accounts alone: an engine that does not share the steps below reads them 64 times
round_0 as (
    select
        account_id,
        merged_into_account_id as next_account_id
    from {{ ref('int_accounts') }}
    where merged_into_account_id <> account_id
),

{% for round in range(1, rounds + 1) %}
round_{{ round }} as (
    select
        accounts.account_id,
        coalesce(next_accounts.next_account_id, accounts.next_account_id) as next_account_id
    from round_{{ round - 1 }} as accounts
    left join round_{{ round - 1 }} as next_accounts on accounts.next_account_id = next_accounts.account_id
),

{% endfor %}
followed as (
    select
        merged.account_id,
        merged.next_account_id,
        -- a survivor that is itself merged means a cycle: no survivor can be named
        survivors.account_id is not null as is_merge_cycle
    from round_{{ rounds }} as merged
    left join round_0 as survivors on merged.next_account_id = survivors.account_id
),

accounts as (
    select
        account_id,
        false as is_inferred
    from {{ ref('int_accounts') }}
    union all
    select
        mentions.account_id,
        true as is_inferred
    from mentions
    left join {{ ref('int_accounts') }} as accounts on mentions.account_id = accounts.account_id
    where mentions.account_id is not null and accounts.account_id is null
),

final as (
    select
        accounts.account_id,
        case when followed.is_merge_cycle then accounts.account_id else coalesce(followed.next_account_id, accounts.account_id) end as customer_id,
        followed.next_account_id is not null and not followed.is_merge_cycle as is_merged,
        coalesce(followed.is_merge_cycle, false) as is_merge_cycle,
        accounts.is_inferred
    from accounts
    left join followed on accounts.account_id = followed.account_id
)

select * from final
