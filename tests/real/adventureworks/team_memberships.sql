select
    cast(employee_key as varchar) as rep_id,
    valid_from,
    team_id,
    valid_to
from salespeople
order by employee_key, valid_from
