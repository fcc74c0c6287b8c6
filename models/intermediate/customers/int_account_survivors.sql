-- grain: one row per account id that a row which exists on the as-of date defines or mentions, with the account that survives its merges
{# Each round doubles the length of a chain that is followed: 6 rounds reach 64 merges. #}
{% set rounds = 6 %}

with mentions as (
    select member_id as account_id from {{ ref('int_mentions') }}
    where member = 'account'
    union
    select merged_into_account_id as account_id from {{ ref('int_accounts') }}
),

round_0 as (
    select
        account_id,
        case when merged_into_account_id <> account_id then merged_into_account_id end as next_account_id,
        false as is_inferred
    from {{ ref('int_accounts') }}
    union all
    select
        mentions.account_id,
        cast(null as {{ dbt.type_string() }}) as next_account_id,
        true as is_inferred
    from mentions
    left join {{ ref('int_accounts') }} as accounts on mentions.account_id = accounts.account_id
    where mentions.account_id is not null and accounts.account_id is null
),

{% for round in range(1, rounds + 1) %}
round_{{ round }} as (
    select
        accounts.account_id,
        coalesce(next_accounts.next_account_id, accounts.next_account_id) as next_account_id,
        accounts.is_inferred
    from round_{{ round - 1 }} as accounts
    left join round_{{ round - 1 }} as next_accounts on accounts.next_account_id = next_accounts.account_id
),

{% endfor %}
final as (
    select
        accounts.account_id,
        -- a survivor that is itself merged means a cycle: no survivor can be named
        case when survivors.next_account_id is null then coalesce(accounts.next_account_id, accounts.account_id) else accounts.account_id end as customer_id,
        accounts.next_account_id is not null and survivors.next_account_id is null as is_merged,
        survivors.next_account_id is not null as is_merge_cycle,
        accounts.is_inferred
    from round_{{ rounds }} as accounts
    left join round_{{ rounds }} as survivors on accounts.next_account_id = survivors.account_id
)

select * from final
