-- Per month and additive KPI, the teams add up to the events of the company, counted again from the facts (KPIs §4, 1).
-- If not, an event was lost on its way to a team, or counted twice.
{# [KPI, its events, their date, what they add]; a KPI with several rows is their sum. #}
{% set sold_with_cost = 'case when cost_amount is not null then sold_amount end' %}
{% set cost_if_sold = 'case when sold_amount is not null then cost_amount end' %}
{% set returned_with_margin = 'case when has_margin then -returned_amount end' %}
{% set contributions = [
    ('leads_created', 'persons', 'created_date', '1'),
    ('leads_converted', 'persons', 'conversion_date', '1'),
    ('opportunities_created', 'deals', 'created_date', '1'),
    ('opportunities_won', 'deals', 'close_date', 'case when is_won then 1 end'),
    ('opportunities_lost', 'deals', 'close_date', 'case when not is_won then 1 end'),
    ('won_amount', 'deals', 'close_date', 'case when is_won then amount end'),
    ('lost_amount', 'deals', 'close_date', 'case when not is_won then amount end'),
    ('calls', 'activities', 'started_date', "case when activity_type = 'call' then 1 end"),
    ('meetings', 'activities', 'started_date', "case when activity_type = 'meeting' then 1 end"),
    ('emails', 'activities', 'started_date', "case when activity_type = 'email' then 1 end"),
    ('demos', 'activities', 'started_date', "case when activity_type = 'demo' then 1 end"),
    ('connected_calls', 'activities', 'started_date', 'case when is_connected then 1 end'),
    ('held_meetings', 'activities', 'started_date', 'case when is_held then 1 end'),
    ('call_seconds', 'activities', 'started_date', "case when activity_type = 'call' then duration_seconds end"),
    ('meeting_seconds', 'activities', 'started_date', "case when activity_type = 'meeting' then duration_seconds end"),
    ('average_call_minutes_numerator', 'activities', 'started_date', 'case when is_connected and duration_seconds > 0 then cast(duration_seconds as double) / 60 end'),
    ('average_call_minutes_denominator', 'activities', 'started_date', 'case when is_connected and duration_seconds > 0 then 1 end'),
    ('average_meeting_minutes_numerator', 'activities', 'started_date', 'case when is_held and duration_seconds > 0 then cast(duration_seconds as double) / 60 end'),
    ('average_meeting_minutes_denominator', 'activities', 'started_date', 'case when is_held and duration_seconds > 0 then 1 end'),
    ('sales_count', 'whole_sales', 'sale_date', '1'),
    ('basket_count', 'whole_sales', 'sale_date', 'case when sold_amount > 0 then 1 end'),
    ('new_customers', 'whole_sales', 'sale_date', 'is_first_sale'),
    ('average_basket_numerator', 'whole_sales', 'sale_date', 'case when sold_amount > 0 then sold_amount end'),
    ('units_sold', 'sales', 'sale_date', 'quantity'),
    ('gross_revenue', 'sales', 'sale_date', 'gross_amount'),
    ('discount_amount', 'sales', 'sale_date', 'discount_amount'),
    ('sold_amount', 'sales', 'sale_date', 'sold_amount'),
    ('returned_amount', 'returned', 'returned_date', 'returned_amount'),
    ('net_revenue', 'sales', 'sale_date', 'sold_amount'),
    ('net_revenue', 'returned', 'returned_date', '-returned_amount'),
    ('cost_of_goods', 'sales', 'sale_date', 'cost_amount'),
    ('cost_of_goods', 'returned', 'returned_date', '-returned_cost_amount'),
    ('gross_margin_rate_denominator', 'sales', 'sale_date', sold_with_cost),
    ('gross_margin_rate_denominator', 'returned', 'returned_date', returned_with_margin),
    ('gross_margin', 'sales', 'sale_date', 'sold_amount - cost_amount'),
    ('gross_margin', 'returned', 'returned_date', 'case when has_margin then returned_cost_amount - returned_amount end'),
    ('csat_responses', 'responses', 'responded_date', 'case when is_csat then 1 end'),
    ('csat_satisfied', 'responses', 'responded_date', 'case when is_satisfied then 1 end'),
    ('complaints', 'tickets', 'opened_date', "case when ticket_type = 'complaint' then 1 end"),
    ('customers_at_start', 'active_customers', 'start_date', '1'),
] %}
{% set kpis = (additive_kpis() | reject('in', ['activities', 'persons_converted_in_time']) | list)
    + ['csat_responses', 'csat_satisfied', 'complaints', 'customers_at_start'] %}

with persons as (
    select
        person_id,
        min(created_date) as created_date,
        min(conversion_date) as conversion_date
    from {{ ref('fct_leads') }}
    group by person_id
),

deals as (
    select * from {{ ref('fct_opportunities') }}
),

activities as (
    select
        *,
        activity_type = 'call' and (outcome = 'connected' or outcome is null and duration_seconds > 0) as is_connected,
        activity_type = 'meeting' and (outcome = 'held' or outcome is null) as is_held
    from {{ ref('fct_activities') }}
),

sales as (
    select * from {{ ref('fct_sales') }}
    where is_revenue_basis
),

whole_sales as (
    select
        sale_id,
        sale_date,
        max(case when is_first_sale then 1 else 0 end) as is_first_sale,
        sum(sold_amount) as sold_amount
    from sales
    group by sale_id, sale_date
),

returned as (
    select returns.*
    from {{ ref('fct_returns') }} as returns
    inner join sales on returns.sale_line_id = sales.sale_line_id and sales.basis = 'orders'
),

responses as (
    select * from {{ ref('fct_survey_responses') }}
),

tickets as (
    select * from {{ ref('fct_tickets') }}
),

active_customers as (
    select
        customer_id,
        {{ add_days('evening_date', 1) }} as start_date
    from {{ ref('fct_active_customers') }}
    -- the evening of the as-of date begins no month
    where {{ add_days('evening_date', 1) }} = {{ month_of(add_days('evening_date', 1)) }}
),

contributions as (
    {% for kpi, events, day, added in contributions %}
    {% if not loop.first %}union all{% endif %}
    select
        {{ month_of(day) }} as month,
        '{{ kpi }}' as kpi,
        cast(sum({{ added }}) as decimal(38, 8)) as added
    from {{ events }}
    group by {{ month_of(day) }}
    {% endfor %}
),

facts as (
    select
        month,
        kpi,
        sum(added) as sum_of_facts
    from contributions
    group by month, kpi
),

teams as (
    {% for kpi in kpis %}
    {% if not loop.first %}union all{% endif %}
    select
        month,
        '{{ kpi }}' as kpi,
        '{{ metric_of(kpi) }}' as metric,
        {{ '0.000001' if kpi.endswith('_minutes_numerator') else '0' }} as tolerance,
        cast(coalesce(sum({{ kpi }}), 0) as decimal(38, 8)) as sum_of_teams
    from {{ ref('team_monthly_kpis') }}
    group by month
    {% endfor %}
)

select
    teams.month,
    teams.kpi,
    teams.sum_of_teams,
    coalesce(facts.sum_of_facts, 0) as sum_of_facts
from teams
inner join {{ ref('dim_kpis') }} as metrics on teams.metric = metrics.metric and metrics.is_available
left join facts on teams.month = facts.month and teams.kpi = facts.kpi
where abs(teams.sum_of_teams - coalesce(facts.sum_of_facts, 0)) > teams.tolerance
