-- grain: one row per deal and rep credited: its splits where they add up, else its owner
with deals as (
    -- a deal that is created after the as-of date credits nobody yet
    select
        opportunity_id,
        owner_rep_id
    from {{ ref('int_opportunities') }}
    where coalesce(exclusion_reason, '') <> 'in_the_future'
),

splits as (
    select
        splits.opportunity_id,
        splits.rep_id,
        splits.share,
        cast(1 as {{ credit_type() }}) as whole,
        sum(splits.share) over (partition by splits.opportunity_id) as total_share
    from {{ ref('stg_crm__opportunity_splits') }} as splits
    inner join deals on splits.opportunity_id = deals.opportunity_id
),

valid_splits as (
    select * from splits
    where abs(total_share - 1) <= 0.001
),

normalised as (
    {{ allocate('valid_splits', {'credit_share': 'whole'}, 'share', ['opportunity_id'], ['rep_id'], scale=8) | indent }}
),

final as (
    select
        opportunity_id,
        rep_id,
        cast(credit_share as {{ share_type() }}) as credit_share
    from normalised
    union all
    select
        deals.opportunity_id,
        deals.owner_rep_id as rep_id,
        cast(1 as {{ share_type() }}) as credit_share
    from deals
    where deals.owner_rep_id is not null and deals.opportunity_id not in (select opportunity_id from valid_splits)
)

select * from final
