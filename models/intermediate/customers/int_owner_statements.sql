-- grain: one row per customer and valid_from: ownerships where the CRM has them, else the versions of the account
with survivors as (
    select account_id from {{ ref('int_account_survivors') }}
    where account_id = customer_id
),

ownerships as (
    select
        owners.account_id as customer_id,
        owners.rep_id,
        owners.valid_from,
        owners.valid_to
    from {{ ref('stg_crm__account_owners') }} as owners
    inner join survivors on owners.account_id = survivors.account_id
    cross join {{ ref('stg_run__clock') }} as clock
    where owners.valid_from <= clock.as_of_date
),

versions as (
    select
        versions.account_id as customer_id,
        versions.owner_rep_id as rep_id,
        case when versions.version_number > 1 then versions.updated_date end as valid_from,
        -- of several versions on one day the last one holds
        row_number() over (
            partition by versions.account_id, case when versions.version_number > 1 then versions.updated_date end
            order by versions.version_number desc
        ) as place_on_day
    from {{ ref('int_account_versions') }} as versions
    inner join {{ ref('int_accounts') }} as accounts on versions.account_id = accounts.account_id
    inner join survivors on versions.account_id = survivors.account_id
    where versions.account_id not in (select customer_id from ownerships)
),

nobody as (
    select account_id as customer_id
    from survivors
    where account_id not in (select customer_id from ownerships) and account_id not in (select customer_id from versions)
),

final as (
    select
        customer_id,
        rep_id,
        valid_from,
        valid_to
    from ownerships
    union all
    select
        customer_id,
        coalesce(rep_id, 'unassigned') as rep_id,
        valid_from,
        cast(null as date) as valid_to
    from versions
    where place_on_day = 1
    union all
    select
        customer_id,
        'unassigned' as rep_id,
        cast(null as date) as valid_from,
        cast(null as date) as valid_to
    from nobody
)

select * from final
