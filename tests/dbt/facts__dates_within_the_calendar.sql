-- Every date of a mart, and unless the var start_date cuts the calendar of a fact, is a day of dim_dates: an event outside the calendar is in no period.
{% set marts = [
    ('rep_daily_kpis', ['date_day']), ('team_monthly_kpis', ['month']), ('cohort_retention', ['period_month']),
    ('fct_rep_days', ['date_day']), ('dim_region_dates', ['date_day']),
] %}
{% set facts = [
    ('fct_sales', ['sale_date']), ('fct_sale_credits', ['sale_date']), ('fct_returns', ['returned_date']), ('fct_return_credits', ['returned_date']),
    ('fct_leads', ['created_date', 'person_conversion_date']), ('fct_opportunities', ['created_date', 'close_date']),
    ('fct_activities', ['started_date']), ('fct_survey_responses', ['responded_date']), ('fct_tickets', ['opened_date']),
    ('fct_rep_team_days', ['date_day']),
] %}

with calendar as (
    select
        min(date_day) as first_day,
        max(date_day) as last_day,
        count(*) as days
    from {{ ref('dim_dates') }}
),

bounds as (
    {% for relation, columns in marts + (facts if var('start_date') is none else []) %}{% set first_relation = loop.first %}{% for column in columns %}
    {% if not (first_relation and loop.first) %}union all{% endif %}
    select
        '{{ relation }}' as relation_name,
        '{{ column }}' as column_name,
        min({{ column }}) as earliest,
        max({{ column }}) as latest
    from {{ ref(relation) }}
    {% endfor %}{% endfor %}
)

select
    bounds.relation_name,
    bounds.column_name,
    bounds.earliest,
    bounds.latest,
    calendar.first_day,
    calendar.last_day,
    calendar.days
from bounds
cross join calendar
where
    bounds.earliest < calendar.first_day
    or bounds.latest > calendar.last_day
    -- a calendar with a hole
    or calendar.days <> {{ days_between('calendar.first_day', 'calendar.last_day') }} + 1
