-- grain: one row: the first and last day of the calendar and the as-of date
{% set events = [
    ('int_orders', 'ordered_date', 'exclusion_reason is null'),
    ('int_return_lines', 'returned_date', 'exclusion_reason is null'),
    ('int_opportunities', 'created_date', 'exclusion_reason is null'),
    ('int_opportunities', 'close_date', 'exclusion_reason is null'),
    ('int_leads', 'created_date', 'exclusion_reason is null'),
    ('stg_crm__activities', 'started_date', 'true'),
    ('stg_crm__subscriptions', 'started_on', 'true'),
    ('stg_crm__tickets', 'opened_date', 'true'),
    ('stg_crm__survey_responses', 'responded_date', 'true'),
    ('stg_crm__reviews', 'reviewed_date', 'true'),
    ('stg_crm__web_visits', 'visit_date', 'true'),
    ('stg_crm__campaign_spend', 'spend_date', 'true'),
    ('stg_crm__operating_costs', 'cost_month', 'true'),
] %}

with clock as (
    select as_of_date from {{ ref('stg_run__clock') }}
),

events as (
    {% for model, column, condition in events %}
    {% if not loop.first %}union all{% endif %}
    select min({{ column }}) as event_date
    from {{ ref(model) }}
    cross join clock
    where {{ condition }} and {{ column }} <= clock.as_of_date
    {% endfor %}
),

bounds as (
    select coalesce({{ date_literal(var('start_date')) }}, min(event_date)) as start_date
    from events
),

final as (
    select
        coalesce(bounds.start_date, clock.as_of_date) as start_date,
        {{ month_of('coalesce(bounds.start_date, clock.as_of_date)') }} as first_day,
        {{ month_end('clock.as_of_date') }} as last_day,
        clock.as_of_date
    from bounds
    cross join clock
)

select * from final
