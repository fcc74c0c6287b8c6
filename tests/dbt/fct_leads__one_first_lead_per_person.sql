-- A person counts once, at the first of its leads: two forms filled in by one person are not two leads.
select
    person_id,
    count(*) as leads,
    sum(case when is_first_of_person then 1 else 0 end) as first_leads,
    min(created_at) as earliest_at,
    min(case when is_first_of_person then created_at end) as first_lead_at
from {{ ref('fct_leads') }}
group by person_id
having
    sum(case when is_first_of_person then 1 else 0 end) <> 1
    or min(created_at) <> min(case when is_first_of_person then created_at end)
