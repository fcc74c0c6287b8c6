-- grain: one row per lead_id and version
with clock as (
    select as_of_date from {{ ref('stg_run__clock') }}
),

final as (
    select
        versions.lead_id,
        versions.owner_rep_id,
        cast(versions._version as bigint) as version_number,
        versions.updated_date
    from {{ ref('base_crm__leads') }} as versions
    cross join clock
    where
        versions._has_key
        and not coalesce(versions.is_deleted, false)
        -- the earliest version counts even when it is later than the as-of date
        and (versions._version = 1 or coalesce(versions.updated_date, clock.as_of_date) <= clock.as_of_date)
)

select * from final
