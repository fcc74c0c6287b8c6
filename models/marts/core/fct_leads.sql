-- grain: one row per lead
{{ config(partition_by=by_month('created_date')) }}
with leads as (
    select
        *,
        coalesce(owner_rep_id, 'unassigned') as rep_id
    from {{ ref('int_leads') }}
    where exclusion_reason is null
),

persons as (
    select
        leads.*,
        row_number() over (partition by person_key order by created_at, lead_id) = 1 as is_first_of_person,
        first_value(lead_id) over (partition by person_key order by created_at, lead_id) as person_id,
        min(conversion_date) over (partition by person_key) as person_conversion_date
    from leads
),

final as (
    select
        persons.lead_id,
        persons.person_id,
        persons.is_first_of_person,
        persons.rep_id as owner_rep_id,
        created_teams.team_id as created_team_id,
        converted_teams.team_id as converted_team_id,
        persons.channel,
        persons.campaign_id,
        persons.customer_id,
        persons.opportunity_id,
        persons.created_at,
        persons.created_date,
        persons.conversion_date,
        persons.person_conversion_date,
        coalesce({{ days_between('persons.created_date', 'persons.person_conversion_date') }} <= {{ var('lead_conversion_days') }}, false)
            as is_person_converted_in_time,
        persons.is_converted_before_created
    from persons
    inner join {{ ref('dim_rep_teams') }} as created_teams
        on persons.rep_id = created_teams.rep_id and {{ held_on('created_teams', 'persons.created_date') }}
    left join {{ ref('dim_rep_teams') }} as converted_teams
        on persons.rep_id = converted_teams.rep_id and {{ held_on('converted_teams', 'persons.person_conversion_date') }}
)

select * from final
