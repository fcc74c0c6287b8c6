-- grain: one row per rep and valid_from: memberships where the CRM has them, else the versions of the rep
with memberships as (
    select
        rep_id,
        team_id,
        valid_from,
        valid_to
    from {{ ref('stg_crm__team_memberships') }} as memberships
    cross join {{ ref('stg_run__clock') }} as clock
    where memberships.valid_from <= clock.as_of_date
),

versions as (
    select
        versions.rep_id,
        versions.team_id,
        case when versions.version_number > 1 then versions.updated_date end as valid_from,
        -- of several versions on one day the last one holds
        row_number() over (
            partition by versions.rep_id, case when versions.version_number > 1 then versions.updated_date end
            order by versions.version_number desc
        ) as place_on_day
    from {{ ref('int_rep_versions') }} as versions
    inner join {{ ref('stg_crm__reps') }} as reps on versions.rep_id = reps.rep_id
    where versions.rep_id not in (select rep_id from memberships)
),

nobody as (
    select rep_id
    from {{ ref('int_reps') }}
    where rep_id not in (select rep_id from memberships) and rep_id not in (select rep_id from versions)
),

final as (
    select
        rep_id,
        team_id,
        valid_from,
        valid_to
    from memberships
    union all
    select
        rep_id,
        coalesce(team_id, 'unassigned') as team_id,
        valid_from,
        cast(null as date) as valid_to
    from versions
    where place_on_day = 1
    union all
    select
        rep_id,
        'unassigned' as team_id,
        cast(null as date) as valid_from,
        cast(null as date) as valid_to
    from nobody
)

select * from final
