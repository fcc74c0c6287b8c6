-- A conversion date is not before the lead (KPIs §2), and a person converted in time has converted, within the window.
with persons as (
    select
        person_id,
        min(created_date) as person_created_date
    from {{ ref('fct_leads') }}
    group by person_id
)

select
    leads.lead_id,
    leads.created_date,
    leads.conversion_date,
    persons.person_created_date,
    leads.person_conversion_date,
    leads.is_person_converted_in_time
from {{ ref('fct_leads') }} as leads
inner join persons on leads.person_id = persons.person_id
where
    leads.conversion_date < leads.created_date
    or leads.person_conversion_date < persons.person_created_date
    or leads.person_conversion_date > leads.conversion_date
    or (leads.is_person_converted_in_time and leads.person_conversion_date is null)
    or (
        leads.is_person_converted_in_time
        and leads.person_conversion_date > {{ add_days('leads.created_date', var('lead_conversion_days')) }}
    )
