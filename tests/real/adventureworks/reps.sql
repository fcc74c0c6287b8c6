-- An employee with a history has several keys, one per period; each of the 17 salespeople has one.
select
    cast(employee_key as varchar) as rep_id,
    employee_name as rep_name,
    team_id,
    hired_on
from salespeople
order by employee_key
