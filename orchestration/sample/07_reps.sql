-- The first three reps of each field team stay throughout, so that no team is ever empty; the others come and go.
create table work.reps as
with numbered as (
    select
        cast(i + 1 as bigint) as rep_no,
        i - 3 as field_rank,
        getvariable('teams') - 3 as field_teams
    from range(getvariable('reps')) as numbers (i)
),

placed as (
    select
        rep_no,
        case when rep_no <= 3 then rep_no else 4 + field_rank % field_teams end as first_team_no,
        field_rank < 3 * field_teams as is_pillar,
        rep_no = getvariable('reps') as is_freelance,
        field_teams
    from numbered
),

dated as (
    select
        *,
        case
            when is_pillar or is_freelance or chance('rep.senior', rep_no, 0.5)
                then date '2019-03-01' + draw_days('rep.hired', rep_no, 1380)
            else date '2023-02-01' + 30 * draw_days('rep.hired', rep_no, 24)
        end as hired_on
    from placed
)

select
    *,
    case
        when not is_pillar and not is_freelance and chance('rep.leaves', rep_no, 0.45)
            then greatest(hired_on, date '2023-01-01') + 200 + draw_days('rep.stays', rep_no, 560)
    end as leaves_on,
    case
        when not is_pillar and not is_freelance and chance('rep.moves', rep_no, 0.4)
            then greatest(hired_on, date '2023-01-01') + 90 + draw_days('rep.moved', rep_no, 420)
    end as moves_on,
    4 + (first_team_no - 4 + 1 + draw_integer('rep.target_team', rep_no, 3)) % field_teams as second_team_no,
    0.75 + 0.5 * draw('rep.skill', rep_no) as skill,
    pick(first_names(), 'rep.first', rep_no) as first_name,
    pick(last_names(), 'rep.last', rep_no) as last_name
from dated;

-- What is planned after the last day has not happened yet.
update work.reps set leaves_on = null where leaves_on > getvariable('last_day');
update work.reps set moves_on = null where moves_on > getvariable('last_day') or moves_on >= leaves_on;
update work.reps set moves_on = null where second_team_no = first_team_no;

-- One row for each stay of a rep in a team; the freelance has none.
create table work.stays as
select rep_no, first_team_no as team_no, hired_on as valid_from, coalesce(moves_on, leaves_on) as valid_to
from work.reps
where not is_freelance
union all
select rep_no, second_team_no, moves_on, leaves_on
from work.reps
where moves_on is not null;

create table raw.team_memberships as
select rep_id(rep_no) as rep_id, valid_from, team_id(team_no) as team_id, valid_to, cast(null as varchar) as _plant
from work.stays;

create table raw.reps as
select
    rep_id(rep_no) as rep_id,
    first_name || ' ' || last_name as rep_name,
    ascii(first_name) || '.' || ascii(last_name) || rep_no || '@boussole.example' as email,
    case when not is_freelance then team_id(if(moves_on is null, first_team_no, second_team_no)) end as team_id,
    hired_on,
    leaves_on as left_on,
    cast(case when chance('rep.part_time', rep_no, 0.15) then 0.8 when rep_no % 13 <> 0 then 1 end as decimal(18, 4))
        as fte,
    cast(greatest(hired_on, moves_on, leaves_on) as timestamp) + interval 7 hour as updated_at,
    cast(null as boolean) as is_deleted,
    cast(null as varchar) as _plant
from work.reps;

-- Who can be given work in a team: those who are in it from the first to the last day of the month.
create table work.team_months as
select stays.team_no, months.month_index, list(stays.rep_no order by stays.rep_no) as reps
from work.stays
inner join work.months
    on stays.valid_from <= months.month_start and (stays.valid_to is null or stays.valid_to > months.month_end)
where stays.team_no > 3
group by stays.team_no, months.month_index;
