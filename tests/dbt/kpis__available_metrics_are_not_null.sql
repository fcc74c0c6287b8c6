-- A count of which every needed table was supplied is 0 in an empty period, never NULL; money and seconds may be NULL only where an event of that row
-- has no known amount (KPIs §1, G7; no rate, no cost, no duration).
{% set counts = [
    'leads_created', 'leads_converted', 'opportunities_created', 'opportunities_won', 'opportunities_lost', 'calls', 'connected_calls', 'meetings',
    'held_meetings', 'emails', 'demos', 'sales_count', 'basket_count', 'new_customers',
] %}
{% set team_counts = [
    'active_reps', 'fte', 'customers_at_start', 'csat_responses', 'csat_satisfied', 'nps_responses', 'promoters', 'passives', 'detractors', 'complaints',
] %}
{# amount -> [fact, team, day, the events of which it is unknown] #}
{% set amounts = {
    'won_amount': ('fct_opportunities', 'closed_team_id', 'close_date', 'is_won and amount is null'),
    'lost_amount': ('fct_opportunities', 'closed_team_id', 'close_date', 'is_lost and amount is null'),
    'call_seconds': ('fct_activities', 'team_id', 'started_date', "activity_type = 'call' and duration_seconds is null"),
    'meeting_seconds': ('fct_activities', 'team_id', 'started_date', "activity_type = 'meeting' and duration_seconds is null"),
    'gross_revenue': ('fct_sale_credits', 'team_id', 'sale_date', 'gross_amount is null or sold_amount is null'),
    'sold_amount': ('fct_sale_credits', 'team_id', 'sale_date', 'sold_amount is null'),
    'discount_amount': ('fct_sale_credits', 'team_id', 'sale_date', 'discount_amount is null'),
    'units_sold': ('fct_sale_credits', 'team_id', 'sale_date', 'quantity is null'),
    'returned_amount': ('fct_return_credits', 'team_id', 'returned_date', 'returned_amount is null'),
} %}

with unknown_amounts as (
    {% for amount, (fact, team, day, unknown) in amounts.items() %}
    {% if not loop.first %}union all{% endif %}
    select distinct
        '{{ amount }}' as metric,
        {{ team }} as team_id,
        {{ month_of(day) }} as month
    from {{ ref(fact) }}
    where {{ unknown }}
    {% endfor %}
),

counted as (
    {% for mart, kpis in [('rep_daily_kpis', counts), ('team_monthly_kpis', counts + team_counts)] %}{% set first_mart = loop.first %}{% for kpi in kpis %}
    {% if not (first_mart and loop.first) %}union all{% endif %}
    select
        '{{ mart }}' as mart,
        {{ 'team_id' if mart == 'team_monthly_kpis' else 'rep_id' }} as entity_id,
        {{ 'month' if mart == 'team_monthly_kpis' else 'date_day' }} as period_start,
        '{{ kpi }}' as metric
    from {{ ref(mart) }}
    where {{ kpi }} is null
    {% endfor %}{% endfor %}
    {% for amount in amounts %}
    union all
    select
        'team_monthly_kpis' as mart,
        marts.team_id as entity_id,
        marts.month as period_start,
        '{{ amount }}' as metric
    from {{ ref('team_monthly_kpis') }} as marts
    left join unknown_amounts
        on marts.team_id = unknown_amounts.team_id and marts.month = unknown_amounts.month and unknown_amounts.metric = '{{ amount }}'
    where marts.{{ amount }} is null and unknown_amounts.team_id is null
    {% endfor %}
)

select
    counted.mart,
    counted.metric,
    counted.entity_id,
    counted.period_start
from counted
inner join {{ ref('dim_kpis') }} as kpis on counted.metric = kpis.metric and kpis.is_available
