-- A staged event is in its fact or in excluded_events with the reason, never in both or in neither: rows do not disappear between staging and facts.
{# [raw table, key, fact, key in the fact, condition] #}
{% set tables = [
    ('orders', 'order_id', 'fct_sales', 'sale_id', "basis = 'orders'"),
    ('order_lines', 'order_line_id', 'fct_sales', 'sale_line_id', "basis = 'orders' and has_line"),
    ('returns', 'return_id', 'fct_returns', 'return_id', 'true'),
    ('opportunities', 'opportunity_id', 'fct_opportunities', 'opportunity_id', 'true'),
    ('leads', 'lead_id', 'fct_leads', 'lead_id', 'true'),
    ('activities', 'activity_id', 'fct_activities', 'activity_id', 'true'),
    ('tickets', 'ticket_id', 'fct_tickets', 'ticket_id', 'true'),
    ('survey_responses', 'response_id', 'fct_survey_responses', 'response_id', 'true'),
    ('survey_invitations', 'invitation_id', 'fct_survey_invitations', 'invitation_id', 'true'),
    ('reviews', 'review_id', 'fct_reviews', 'review_id', 'true'),
    ('operating_costs', 'cost_id', 'fct_costs', 'cost_id', 'true'),
] %}

with found as (
    {% for table, key, fact, fact_key, condition in tables %}
    {% if not loop.first %}union all{% endif %}
    select
        '{{ table }}' as table_name,
        {{ key }} as row_key,
        1 as staged,
        0 as in_fact,
        0 as excluded
    from {{ ref('stg_crm__' ~ table) }}
    union all
    -- a fact has several rows of an order or a return
    select distinct
        '{{ table }}' as table_name,
        {{ fact_key }} as row_key,
        0 as staged,
        1 as in_fact,
        0 as excluded
    from {{ ref(fact) }}
    where {{ condition }}
    union all
    select
        table_name,
        row_key,
        0 as staged,
        0 as in_fact,
        1 as excluded
    from {{ ref('excluded_events') }}
    where table_name = '{{ table }}'
    {% endfor %}
)

select
    table_name,
    row_key,
    sum(staged) as staged,
    sum(in_fact) as in_fact,
    sum(excluded) as excluded
from found
group by table_name, row_key
having sum(staged) <> 1 or sum(in_fact) + sum(excluded) <> 1
