-- Events after the as-of date do not exist (KPIs §1, G8): no fact and no history has one, or an earlier as-of date would tell the future.
{% set dates = [
    ('fct_sales', ['sale_date']), ('fct_sale_credits', ['sale_date']), ('fct_returns', ['returned_date', 'sale_date']),
    ('fct_return_credits', ['returned_date']), ('fct_leads', ['created_date', 'conversion_date', 'person_conversion_date']),
    ('fct_opportunities', ['created_date', 'close_date']), ('fct_opportunity_stages', ['changed_date', 'left_date']),
    ('fct_activities', ['started_date']), ('fct_survey_responses', ['responded_date']), ('fct_tickets', ['opened_date', 'resolved_date']),
    ('fct_active_customers', ['evening_date']), ('fct_rep_team_days', ['date_day']), ('fct_rep_days', ['date_day']),
    ('dim_rep_teams', ['valid_from']), ('dim_customers', ['first_purchase_date', 'last_purchase_date']), ('dim_reps', ['left_on']),
    ('fct_campaign_spend', ['spend_date']), ('fct_costs', ['cost_month']), ('fct_web_visits', ['visit_date']), ('fct_reviews', ['reviewed_date']),
    ('fct_survey_invitations', ['sent_date']), ('fct_subscription_months', ['month']), ('fct_customer_months', ['month']),
    ('fct_attributed_sales', ['event_date']), ('dim_periods', ['period_start', 'measured_on']), ('pipeline_daily', ['date_day']),
] %}

with latest as (
    {% for fact, columns in dates %}{% set first_fact = loop.first %}{% for column in columns %}
    {% if not (first_fact and loop.first) %}union all{% endif %}
    select
        '{{ fact }}' as relation_name,
        '{{ column }}' as column_name,
        max({{ column }}) as latest_date
    from {{ ref(fact) }}
    {% endfor %}{% endfor %}
)

select
    latest.relation_name,
    latest.column_name,
    latest.latest_date,
    clock.as_of_date
from latest
inner join {{ ref('stg_run__clock') }} as clock on latest.latest_date > clock.as_of_date
