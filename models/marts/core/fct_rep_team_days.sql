-- grain: one row per rep, team on the day of the event, and day: the additive parts of every KPI (KPIs §1, G9)
with leads as (
    select
        owner_rep_id as rep_id,
        created_team_id as team_id,
        created_date as date_day,
        count(*) as leads_created,
        sum(case when is_person_converted_in_time then 1 else 0 end) as leads_converted_in_time
    from {{ ref('fct_leads') }}
    where is_first_of_person
    group by owner_rep_id, created_team_id, created_date
),

conversions as (
    select
        owner_rep_id as rep_id,
        converted_team_id as team_id,
        person_conversion_date as date_day,
        count(*) as leads_converted
    from {{ ref('fct_leads') }}
    where is_first_of_person and person_conversion_date is not null
    group by owner_rep_id, converted_team_id, person_conversion_date
),

created_deals as (
    select
        owner_rep_id as rep_id,
        created_team_id as team_id,
        created_date as date_day,
        count(*) as opportunities_created
    from {{ ref('fct_opportunities') }}
    where created_date is not null
    group by owner_rep_id, created_team_id, created_date
),

closed_deals as (
    select
        owner_rep_id as rep_id,
        closed_team_id as team_id,
        close_date as date_day,
        sum(case when is_won then 1 else 0 end) as opportunities_won,
        sum(case when is_lost then 1 else 0 end) as opportunities_lost,
        sum(case when is_won then amount end) as won_amount,
        sum(case when is_lost then amount end) as lost_amount,
        sum(case when is_won and amount is not null then 1 else 0 end) as won_with_amount,
        sum(case when is_lost and amount is not null then 1 else 0 end) as lost_with_amount
    from {{ ref('fct_opportunities') }}
    where is_closed
    group by owner_rep_id, closed_team_id, close_date
),

activities as (
    select
        rep_id,
        team_id,
        started_date as date_day,
        count(*) as activities,
        {% for kpi, type in [('calls', 'call'), ('meetings', 'meeting'), ('emails', 'email'), ('demos', 'demo')] %}
        sum(case when activity_type = '{{ type }}' then 1 else 0 end) as {{ kpi }},
        {% endfor %}
        sum(case when is_connected_call then 1 else 0 end) as connected_calls,
        sum(case when is_held_meeting then 1 else 0 end) as held_meetings,
        {% for type, counted in [('call', 'is_connected_call'), ('meeting', 'is_held_meeting')] %}
        sum(case when activity_type = '{{ type }}' then duration_seconds end) as {{ type }}_seconds,
        sum(case when activity_type = '{{ type }}' and duration_seconds is not null then 1 else 0 end) as {{ type }}s_with_duration,
        sum(case when {{ counted }} and duration_seconds > 0 then 1 else 0 end) as timed_{{ type }}s,
        sum(case when {{ counted }} and duration_seconds > 0 then duration_seconds else 0 end) as timed_{{ type }}_seconds{% if not loop.last %},{% endif %}
        {% endfor %}
    from {{ ref('fct_activities') }}
    group by rep_id, team_id, started_date
),

sales as (
    select
        rep_id,
        team_id,
        sale_date as date_day,
        sum(sale_share) as sales_count,
        sum(basket_share) as basket_count,
        sum(first_sale_share) as new_customers,
        sum(quantity) as units_sold,
        sum(gross_amount) as gross_revenue,
        sum(discount_amount) as discount_amount,
        sum(sold_amount) as sold_amount,
        sum(case when is_basket then sold_amount end) as basket_amount,
        count(*) as sale_rows,
        count(sold_amount) as priced_sale_rows,
        sum(case when has_line then 1 else 0 end) as sale_lines,
        count(cost_amount) as costed_sale_lines,
        sum(cost_amount) as sold_cost_amount,
        sum(case when sold_amount is not null and cost_amount is not null then 1 else 0 end) as margin_sale_lines,
        sum(case when cost_amount is not null then sold_amount end) as margin_sold_amount,
        sum(case when sold_amount is not null then cost_amount end) as margin_sold_cost_amount
    from {{ ref('fct_sale_credits') }}
    where is_revenue_basis
    group by rep_id, team_id, sale_date
),

returns as (
    select
        rep_id,
        team_id,
        returned_date as date_day,
        sum(returned_amount) as returned_amount,
        count(*) as return_rows,
        count(returned_amount) as priced_return_rows,
        sum(case when has_line then 1 else 0 end) as return_lines,
        count(returned_cost_amount) as costed_return_lines,
        sum(returned_cost_amount) as returned_cost_amount,
        sum(case when has_margin then 1 else 0 end) as margin_return_lines,
        sum(case when has_margin then returned_amount end) as margin_returned_amount,
        sum(case when has_margin then returned_cost_amount end) as margin_returned_cost_amount
    from {{ ref('fct_return_credits') }}
    where is_revenue_basis
    group by rep_id, team_id, returned_date
),

parts as (
    {% for source, own_parts in kpi_parts().items() %}
    {% if not loop.first %}union all{% endif %}
    select
        rep_id,
        team_id,
        date_day{% for part in all_kpi_parts() %},
        cast({{ part if part in own_parts else 'null' }} as {{ part_type(part) }}) as {{ part }}{% endfor %}

    from {{ source }}
    {% endfor %}
),

final as (
    select
        rep_id,
        team_id,
        date_day,
        {% for part in all_kpi_parts() %}
        cast(coalesce(sum({{ part }}), 0) as {{ part_type(part) }}) as {{ part }}{% if not loop.last %},{% endif %}
        {% endfor %}
    from parts
    group by rep_id, team_id, date_day
)

select * from final
