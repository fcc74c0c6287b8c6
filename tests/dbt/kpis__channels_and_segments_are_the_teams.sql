-- Per month, the channels add up to what the teams add up to, and so do the segments, `unknown` and `unassigned` included: three cuts of one company.
{% set kpis = [
    'leads_created', 'leads_converted', 'new_customers', 'net_revenue', 'complaints', 'customers_at_start', 'customers_retained', 'nps_responses',
    'promoters', 'passives', 'detractors',
] %}

with totals as (
    {% for mart in ['channel_monthly_kpis', 'segment_monthly_kpis', 'team_monthly_kpis'] %}
    {% if not loop.first %}union all{% endif %}
    select
        '{{ mart }}' as mart,
        month{% for kpi in kpis %},
        cast(coalesce(sum({{ kpi }}), 0) as decimal(38, 8)) as {{ kpi }}{% endfor %}

    from {{ ref(mart) }}
    group by month
    {% endfor %}
)

{% for kpi in kpis %}
{% if not loop.first %}union all{% endif %}
select
    dimensions.mart,
    teams.month,
    '{{ kpi }}' as kpi,
    dimensions.{{ kpi }} as of_the_dimension,
    teams.{{ kpi }} as of_the_teams
from totals as teams
inner join totals as dimensions on teams.month = dimensions.month and dimensions.mart <> 'team_monthly_kpis'
where teams.mart = 'team_monthly_kpis' and dimensions.{{ kpi }} <> teams.{{ kpi }}
{% endfor %}
