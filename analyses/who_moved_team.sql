-- Who changed team, when, and what the rep sold in the 90 days before and after the move.
-- Days that have not come yet are not counted: `days_after` says how many there were.
with memberships as (
    select
        rep_id,
        team_id,
        valid_from,
        lag(team_id) over (partition by rep_id order by valid_from) as previous_team_id
    from {{ ref('dim_rep_teams') }}
    where not is_assumed
),

moves as (
    select * from memberships
    where previous_team_id <> team_id and previous_team_id <> 'unassigned' and team_id <> 'unassigned'
)

select
    moves.valid_from as moved_on,
    moves.rep_id,
    days.rep_name,
    moves.previous_team_id,
    moves.team_id,
    sum(case when days.date_day < moves.valid_from then days.net_revenue end) as net_revenue_90_days_before,
    sum(case when days.date_day >= moves.valid_from then days.net_revenue end) as net_revenue_90_days_after,
    sum(case when days.date_day >= moves.valid_from then 1 else 0 end) as days_after
from moves
inner join {{ ref('rep_daily_kpis') }} as days
    on
        moves.rep_id = days.rep_id
        and days.date_day >= {{ add_days('moves.valid_from', -90) }}
        and days.date_day < {{ add_days('moves.valid_from', 90) }}
group by moves.valid_from, moves.rep_id, days.rep_name, moves.previous_team_id, moves.team_id
order by moved_on, rep_id
