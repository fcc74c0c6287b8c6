select distinct
    team_id,
    team_id as team_name,
    team_id as region,
    cast(manager_key as varchar) as manager_rep_id
from salespeople
order by team_id
