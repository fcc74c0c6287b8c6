-- grain: one row per survey invitation by the as-of date
with invitations as (
    select
        invitations.invitation_id,
        invitations.survey_type,
        invitations.sent_at,
        invitations.sent_date,
        survivors.customer_id,
        coalesce(owners.rep_id, 'unassigned') as rep_id
    from {{ ref('stg_crm__survey_invitations') }} as invitations
    cross join {{ ref('stg_run__clock') }} as clock
    left join {{ ref('int_account_survivors') }} as survivors on invitations.account_id = survivors.account_id
    left join {{ ref('int_customer_owners') }} as owners
        on survivors.customer_id = owners.customer_id and {{ held_on('owners', 'invitations.sent_date') }}
    where invitations.sent_date <= clock.as_of_date
),

final as (
    select
        invitations.invitation_id,
        invitations.survey_type,
        invitations.sent_at,
        invitations.sent_date,
        invitations.customer_id,
        invitations.rep_id,
        teams.team_id
    from invitations
    inner join {{ ref('dim_rep_teams') }} as teams
        on invitations.rep_id = teams.rep_id and {{ held_on('teams', 'invitations.sent_date') }}
)

select * from final
