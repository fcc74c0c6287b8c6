-- Per month and additive KPI, the teams add up to the company, `unassigned` included (KPIs §4, 1).
-- If not, the company counts an event that no team has, or a team counts one twice.
{% set kpis = (additive_kpis() | reject('in', ['activities', 'persons_converted_in_time']) | list) + [
    'activities_per_fte_numerator', 'win_rate_denominator', 'lead_conversion_rate_numerator', 'lead_conversion_rate_denominator',
    'customers_at_start', 'customers_retained', 'customer_retention_rate_denominator', 'customer_churn_rate_numerator',
    'csat_responses', 'csat_satisfied', 'nps_responses', 'promoters', 'passives', 'detractors', 'complaints',
] %}

with teams as (
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
        coalesce(company.month, teams.month) as month,
        '{{ kpi }}' as kpi,
        -- minutes are doubles
        {{ '0.000001' if kpi.endswith('_minutes_numerator') else '0' }} as tolerance,
        company.month is not null and teams.month is not null as is_in_both,
        cast(coalesce(company.{{ kpi }}, 0) as decimal(38, 8)) as company,
        cast(coalesce(teams.{{ kpi }}, 0) as decimal(38, 8)) as sum_of_teams
    from {{ ref('company_monthly_kpis') }} as company
    full outer join teams on company.month = teams.month
    {% endfor %}
)

select
    month,
    kpi,
    company,
    sum_of_teams
from compared
where not is_in_both or abs(company - sum_of_teams) > tolerance
