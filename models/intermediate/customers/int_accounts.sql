-- grain: one row per staged account that exists on the as-of date
with clock as (
    select as_of_date from {{ ref('stg_run__clock') }}
),

mentioned as (
    select member_id as account_id from {{ ref('int_mentions') }}
    where member = 'account'
),

accounts as (
    select
        accounts.*,
        coalesce(accounts.created_date > clock.as_of_date, false) as is_created_later,
        -- what an event mentions was there, whatever its creation says: a CRM that was migrated has new dates
        coalesce(accounts.created_date > clock.as_of_date, false) and mentioned.account_id is null as is_in_the_future
    from {{ ref('stg_crm__accounts') }} as accounts
    cross join clock
    left join mentioned on accounts.account_id = mentioned.account_id
),

final as (
    select
        accounts.account_id,
        accounts.owner_rep_id,
        -- nothing is merged into an account that does not exist yet
        case when not coalesce(survivors.is_in_the_future, false) then accounts.merged_into_account_id end as merged_into_account_id,
        accounts.account_name,
        accounts.segment,
        accounts.industry,
        accounts.country,
        accounts.acquisition_channel,
        case when not accounts.is_created_later then accounts.created_at end as created_at,
        case when not accounts.is_created_later then accounts.created_date end as created_date
    from accounts
    left join accounts as survivors on accounts.merged_into_account_id = survivors.account_id
    where not accounts.is_in_the_future
)

select * from final
