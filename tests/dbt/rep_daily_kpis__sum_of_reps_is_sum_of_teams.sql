-- Per month and additive KPI, the reps add up to what the teams add up to, `unassigned` included (KPIs §4, 1).
-- If not, a board of reps and a board of teams show two companies.
{% set kpis = additive_kpis() | reject('in', ['activities', 'persons_converted_in_time']) | list %}

with reps as (
    select
        {{ month_of('date_day') }} as month{% for kpi in kpis %},
        sum({{ kpi }}) as {{ kpi }}{% endfor %}

    from {{ ref('rep_daily_kpis') }}
    group by {{ month_of('date_day') }}
),

teams as (
    select
        month{% for kpi in kpis %},
        sum({{ kpi }}) as {{ kpi }}{% endfor %}

    from {{ ref('team_monthly_kpis') }}
    group by month
),

compared as (
    {% for kpi in kpis %}
    {% if not loop.first %}union all{% endif %}
    select
        coalesce(reps.month, teams.month) as month,
        '{{ kpi }}' as kpi,
        -- minutes are doubles
        {{ '0.000001' if kpi.endswith('_minutes_numerator') else '0' }} as tolerance,
        cast(coalesce(reps.{{ kpi }}, 0) as decimal(38, 8)) as sum_of_reps,
        cast(coalesce(teams.{{ kpi }}, 0) as decimal(38, 8)) as sum_of_teams
    from reps
    full outer join teams on reps.month = teams.month
    {% endfor %}
)

select
    month,
    kpi,
    sum_of_reps,
    sum_of_teams
from compared
where abs(sum_of_reps - sum_of_teams) > tolerance
