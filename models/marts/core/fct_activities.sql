-- grain: one row per activity
{{ config(partition_by=by_month('started_date')) }}
with final as (
    select
        activities.activity_id,
        activities.rep_id,
        teams.team_id,
        activities.activity_type,
        activities.outcome,
        activities.activity_type = 'call' and coalesce(activities.outcome = 'connected', activities.duration_seconds > 0, false) as is_connected_call,
        activities.activity_type = 'meeting' and coalesce(activities.outcome = 'held', true) as is_held_meeting,
        survivors.customer_id,
        activities.lead_id,
        activities.opportunity_id,
        activities.started_at,
        activities.started_date,
        activities.duration_seconds
    from {{ ref('stg_crm__activities') }} as activities
    cross join {{ ref('stg_run__clock') }} as clock
    inner join {{ ref('dim_rep_teams') }} as teams
        on activities.rep_id = teams.rep_id and {{ held_on('teams', 'activities.started_date') }}
    left join {{ ref('int_account_survivors') }} as survivors on activities.account_id = survivors.account_id
    where activities.started_date <= clock.as_of_date
)

select * from final
