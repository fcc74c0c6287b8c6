-- A merged account is no customer, and every other account is one (KPIs §1, G12): accounts = customers + accounts merged into them.
with merged_customers as (
    select
        customers.customer_id,
        survivors.customer_id as survivor_id,
        'is merged' as problem
    from {{ ref('dim_customers') }} as customers
    inner join {{ ref('int_account_survivors') }} as survivors on customers.customer_id = survivors.account_id
    where survivors.is_merged
),

lost_accounts as (
    select
        survivors.account_id as customer_id,
        survivors.customer_id as survivor_id,
        'its survivor is no customer' as problem
    from {{ ref('int_account_survivors') }} as survivors
    left join {{ ref('dim_customers') }} as customers on survivors.customer_id = customers.customer_id
    where customers.customer_id is null
),

named_survivors as (
    -- whose row names a survivor, other than in a circle
    select
        accounts.account_id as customer_id,
        accounts.merged_into_account_id as survivor_id,
        'names a survivor' as problem
    from {{ ref('stg_crm__accounts') }} as accounts
    inner join {{ ref('dim_customers') }} as customers on accounts.account_id = customers.customer_id
    where accounts.merged_into_account_id <> accounts.account_id and not customers.is_merge_cycle
)

select * from merged_customers
union all
select * from lost_accounts
union all
select * from named_survivors
