-- A team is a sales manager and those who report to the manager, named by the group of the territories they sell in.
-- Each manager sells too, as a member of the own team.
create or replace temp view salespeople as
with employees as (
    select * from read_csv(getvariable('source_dir') || '/DimEmployee.csv')
    where SalesPersonFlag = 1
),

territories as (
    select
        column1 as territory_key,
        column5 as territory_group
    from read_csv(getvariable('source_dir') || '/DimSalesTerritory.csv', delim = '|', header = false)
),

manager_groups as (
    select distinct
        managers.EmployeeKey as manager_key,
        territories.territory_group
    from employees as managers
    inner join employees as reports on managers.EmployeeKey = reports.ParentEmployeeKey
    inner join territories on reports.SalesTerritoryKey = territories.territory_key
)

select
    employees.EmployeeKey as employee_key,
    concat_ws(' ', employees.FirstName, employees.LastName) as employee_name,
    employees.HireDate as hired_on,
    employees.StartDate as valid_from,
    employees.EndDate as valid_to,
    manager_groups.manager_key,
    manager_groups.territory_group as team_id
from employees
inner join manager_groups on manager_groups.manager_key in (employees.EmployeeKey, employees.ParentEmployeeKey)
