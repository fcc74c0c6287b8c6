-- Per month and per quarter, the reps add up to the company in every additive KPI, and per quarter the teams do too, `unassigned` included (KPIs §4, 1).
-- The teams of a month have a test of their own. If not, an event is in the company's number and on no board, or on two.
{% set of_reps = additive_kpis() | reject('in', ['activities', 'persons_converted_in_time']) | list %}
{% set of_teams = of_reps + ['activities_per_fte_numerator', 'win_rate_denominator', 'csat_responses', 'csat_satisfied', 'complaints'] %}
{# [the company's mart, its period, the mart that is summed, its date, KPIs] #}
{% set sums = [
    ('company_monthly_kpis', 'month', 'rep_daily_kpis', 'date_day', of_reps),
    ('company_quarterly_kpis', 'quarter', 'rep_daily_kpis', 'date_day', of_reps),
    ('company_quarterly_kpis', 'quarter', 'team_monthly_kpis', 'month', of_teams),
] %}

with {% for company, period, mart, day, kpis in sums -%}
sums_{{ loop.index }} as (
    select
        cast({{ dbt.date_trunc(period, day) }} as date) as period_start{% for kpi in kpis %},
        sum({{ kpi }}) as {{ kpi }}{% endfor %}

    from {{ ref(mart) }}
    group by cast({{ dbt.date_trunc(period, day) }} as date)
),

{% endfor -%}
compared as (
    {% for company, period, mart, day, kpis in sums %}{% set place = loop.index %}{% for kpi in kpis %}
    {% if place > 1 or not loop.first %}union all{% endif %}
    select
        '{{ mart }}' as summed_mart,
        '{{ period }}' as period_type,
        coalesce(company.{{ period }}, sums_{{ place }}.period_start) as period_start,
        '{{ kpi }}' as kpi,
        -- minutes are doubles
        {{ '0.000001' if kpi.endswith('_minutes_numerator') else '0' }} as tolerance,
        company.{{ period }} is not null and sums_{{ place }}.period_start is not null as is_in_both,
        cast(coalesce(company.{{ kpi }}, 0) as decimal(38, 8)) as of_the_company,
        cast(coalesce(sums_{{ place }}.{{ kpi }}, 0) as decimal(38, 8)) as summed
    from {{ ref(company) }} as company
    full outer join sums_{{ place }} on company.{{ period }} = sums_{{ place }}.period_start
    {% endfor %}{% endfor %}
)

select
    summed_mart,
    period_type,
    period_start,
    kpi,
    of_the_company,
    summed
from compared
where not is_in_both or abs(of_the_company - summed) > tolerance
