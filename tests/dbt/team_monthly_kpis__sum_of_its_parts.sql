-- Σ of the rep × team × day parts of a team = the team, per month and additive KPI (KPIs §4, 1): a team is exactly its members' events.
{% set kpis = additive_kpis() | reject('in', ['activities', 'persons_converted_in_time']) | list %}

with availability as (
    {{ availability(additive_metrics()) | indent }}
),

finished as (
    select
        dates.month,
        parts.team_id,
        {{ finished_kpis() }}
    from {{ ref('fct_rep_team_days') }} as parts
    cross join availability
    inner join {{ ref('dim_dates') }} as dates on parts.date_day = dates.date_day
),

parts as (
    select
        month,
        team_id{% for kpi in kpis %},
        sum({{ kpi }}) as {{ kpi }}{% endfor %}

    from finished
    group by month, team_id
),

compared as (
    {% for kpi in kpis %}
    {% if not loop.first %}union all{% endif %}
    select
        coalesce(marts.month, parts.month) as month,
        coalesce(marts.team_id, parts.team_id) as team_id,
        '{{ kpi }}' as kpi,
        -- minutes are doubles
        {{ '0.000001' if kpi.endswith('_minutes_numerator') else '0' }} as tolerance,
        cast(coalesce(parts.{{ kpi }}, 0) as decimal(38, 8)) as sum_of_parts,
        cast(coalesce(marts.{{ kpi }}, 0) as decimal(38, 8)) as published
    from {{ ref('team_monthly_kpis') }} as marts
    full outer join parts on marts.month = parts.month and marts.team_id = parts.team_id
    {% endfor %}
)

select
    month,
    team_id,
    kpi,
    sum_of_parts,
    published
from compared
where abs(sum_of_parts - published) > tolerance
