-- A team is a sales manager and the agents who report to the manager; the files have no other key than the name.
select distinct
    manager as team_id,
    manager as team_name,
    regional_office as region
from read_csv(getvariable('source_dir') || '/sales_teams.csv', all_varchar = true)
order by team_id
