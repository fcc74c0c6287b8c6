-- A rank is 1 + the number of teams that did better in the month; ties share it. `unassigned`, open months and unknown values have none, 0 has one (G13).
{% set ranks = [('net_revenue', 'net_revenue_rank'), ('attainment_rate', 'attainment_rank')] %}

with ranked as (
    {% for kpi, column in ranks %}
    {% if not loop.first %}union all{% endif %}
    select
        month,
        team_id,
        '{{ column }}' as rank_name,
        cast({{ kpi }} as double) as kpi_value,
        {{ column }} as published_rank,
        is_complete_period and team_id <> 'unassigned' and {{ kpi }} is not null as is_ranked
    from {{ ref('team_monthly_kpis') }}
    {% endfor %}
),

expected as (
    select
        ranked.month,
        ranked.team_id,
        ranked.rank_name,
        max(ranked.kpi_value) as kpi_value,
        max(ranked.published_rank) as published_rank,
        case when max(case when ranked.is_ranked then 1 else 0 end) = 1 then 1 + count(better.team_id) end as expected_rank
    from ranked
    left join ranked as better
        on
            ranked.month = better.month
            and ranked.rank_name = better.rank_name
            and better.is_ranked
            and ranked.kpi_value < better.kpi_value
    group by ranked.month, ranked.team_id, ranked.rank_name
)

select
    month,
    team_id,
    rank_name,
    kpi_value,
    published_rank,
    expected_rank
from expected
where published_rank is distinct from expected_rank
