-- grain: one row per customer: an account that survives its merges, with or without a purchase
with sales as (
    select
        customer_id,
        min(sale_date) as first_purchase_date,
        max(sale_date) as last_purchase_date
    from {{ ref('int_sale_lines') }}
    where is_revenue_basis and customer_id is not null
    group by customer_id
),

merged as (
    select
        customer_id,
        count(*) as merged_account_count
    from {{ ref('int_account_survivors') }}
    where is_merged
    group by customer_id
),

final as (
    select
        survivors.customer_id,
        {{ shown_name('coalesce(accounts.account_name, survivors.customer_id)', 'survivors.customer_id', 'Customer') }} as customer_name,
        accounts.segment as account_segment,
        accounts.industry,
        accounts.country,
        accounts.acquisition_channel,
        accounts.created_date,
        current_owners.rep_id as owner_rep_id,
        sales.first_purchase_date,
        sales.last_purchase_date,
        -- the rep and team that owned the customer on the first purchase day
        first_owners.rep_id as first_owner_rep_id,
        first_teams.team_id as first_owner_team_id,
        cast(coalesce(merged.merged_account_count, 0) as bigint) as merged_account_count,
        survivors.is_merge_cycle,
        survivors.is_inferred
    from {{ ref('int_account_survivors') }} as survivors
    cross join {{ ref('stg_run__clock') }} as clock
    left join {{ ref('int_accounts') }} as accounts on survivors.account_id = accounts.account_id
    left join sales on survivors.customer_id = sales.customer_id
    left join merged on survivors.customer_id = merged.customer_id
    inner join {{ ref('int_customer_owners') }} as current_owners
        on survivors.customer_id = current_owners.customer_id and {{ held_on('current_owners', 'clock.as_of_date') }}
    left join {{ ref('int_customer_owners') }} as first_owners
        on survivors.customer_id = first_owners.customer_id and {{ held_on('first_owners', 'sales.first_purchase_date') }}
    left join {{ ref('dim_rep_teams') }} as first_teams
        on first_owners.rep_id = first_teams.rep_id and {{ held_on('first_teams', 'sales.first_purchase_date') }}
    where survivors.account_id = survivors.customer_id
)

select * from final
