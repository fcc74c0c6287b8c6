-- Σ of the parts of a rep over its teams = the rep, per day and additive KPI (KPIs §4, 1): a move between teams loses nothing, and no event falls outside the rep's days.
{% set kpis = additive_kpis() | reject('in', ['activities', 'persons_converted_in_time']) | list %}

with availability as (
    {{ availability(additive_metrics()) | indent }}
),

finished as (
    select
        parts.date_day,
        parts.rep_id,
        {{ finished_kpis() }}
    from {{ ref('fct_rep_team_days') }} as parts
    cross join availability
    inner join {{ ref('dim_dates') }} as dates on parts.date_day = dates.date_day
),

parts as (
    select
        date_day,
        rep_id{% for kpi in kpis %},
        sum({{ kpi }}) as {{ kpi }}{% endfor %}

    from finished
    group by date_day, rep_id
),

compared as (
    {% for kpi in kpis %}
    {% if not loop.first %}union all{% endif %}
    select
        coalesce(marts.date_day, parts.date_day) as date_day,
        coalesce(marts.rep_id, parts.rep_id) as rep_id,
        '{{ kpi }}' as kpi,
        -- minutes are doubles
        {{ '0.000001' if kpi.endswith('_minutes_numerator') else '0' }} as tolerance,
        cast(coalesce(parts.{{ kpi }}, 0) as decimal(38, 8)) as sum_of_parts,
        cast(coalesce(marts.{{ kpi }}, 0) as decimal(38, 8)) as published
    from {{ ref('rep_daily_kpis') }} as marts
    full outer join parts on marts.date_day = parts.date_day and marts.rep_id = parts.rep_id
    {% endfor %}
)

select
    date_day,
    rep_id,
    kpi,
    sum_of_parts,
    published
from compared
where abs(sum_of_parts - published) > tolerance
