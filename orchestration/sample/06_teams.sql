-- Head office, two divisions, then field teams by region; the first field team of a region leads the others.
create table work.teams as
with regions (region_no, region, division) as (
    values (0, 'Île-de-France', 2), (1, 'Nord', 2), (2, 'Sud', 2), (3, 'DACH', 3), (4, 'UK', 3)
),

field_teams as (
    select
        cast(i + 4 as bigint) as team_no,
        cast(i as bigint) as field_no,
        regions.region,
        regions.region || case when i >= 5 then ' ' || cast(i // 5 + 1 as varchar) else '' end as team_name,
        case when i < 5 then regions.division else 4 + i % 5 end as parent_no
    from range(getvariable('teams') - 3) as numbers (i)
    inner join regions on numbers.i % 5 = regions.region_no
)

select 1 as team_no, null as field_no, null as region, 'Direction commerciale' as team_name, null as parent_no
union all
select 2, null, 'Île-de-France', 'France', 1
union all
select 3, null, null, 'International', 1
union all
select team_no, field_no, region, team_name, parent_no from field_teams;

create macro team_id(team_no) as printf('T%02d', cast(team_no as bigint));
create macro rep_id(rep_no) as printf('R%03d', cast(rep_no as bigint));

-- Reps 1 to 3 lead head office and the divisions; after them the first rep of each field team leads it.
create table raw.teams as
select
    team_id(team_no) as team_id,
    team_name,
    region,
    team_id(parent_no) as parent_team_id,
    rep_id(team_no) as manager_rep_id,
    timestamp '2022-12-15 09:00:00' as updated_at,
    cast(null as varchar) as _plant
from work.teams;

-- The field teams of each region.
create table work.regions as
select
    region,
    list(team_no order by team_no) as teams
from work.teams
where field_no is not null
group by region;

-- Where customers are, for a draw between 0 and 1: the home market is the largest.
create macro region_at(ordinal) as
    case
        when ordinal < 0.30 then 'Île-de-France' when ordinal < 0.48 then 'Nord' when ordinal < 0.68 then 'Sud'
        when ordinal < 0.85 then 'DACH' else 'UK'
    end;
