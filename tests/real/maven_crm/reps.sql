-- All 35 agents, also the 5 who have no deal. Hiring dates are not in the data.
select
    sales_agent as rep_id,
    sales_agent as rep_name,
    manager as team_id
from read_csv(getvariable('source_dir') || '/sales_teams.csv', all_varchar = true)
order by rep_id
