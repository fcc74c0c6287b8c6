-- grain: one row
{# The events whose latest business date is the default as-of date: table -> [column, condition]. #}
{% set events = [
    ('orders', 'ordered_date', "status = 'completed'"),
    ('returns', 'returned_date', 'true'),
    ('leads', 'created_date', 'true'),
    ('survey_responses', 'responded_date', 'true'),
    ('tickets', 'opened_date', 'true'),
    ('reviews', 'reviewed_date', 'true'),
    ('web_visits', 'visit_date', 'true'),
    ('subscriptions', 'started_on', 'true'),
    ('subscriptions', 'ended_on', 'true'),
] %}
{% set fallbacks = [('opportunities', 'created_date', 'true'), ('activities', 'started_date', 'true')] %}

with closing_changes as (
    select
        opportunity_id,
        max(changed_date) as closed_date
    from {{ ref('base_crm__opportunity_stage_changes') }}
    where {{ is_newest_and_valid() }} and {{ stage_is_in(var('won_stages') + var('lost_stages')) }}
    group by opportunity_id
),

closed_deals as (
    select max(coalesce(deals.close_date, closing_changes.closed_date)) as latest_date
    from {{ ref('base_crm__opportunities') }} as deals
    left join closing_changes on deals.opportunity_id = closing_changes.opportunity_id
    where {{ is_newest_and_valid() }} and {{ deal_is_closed('deals') }}
),

events as (
    select latest_date from closed_deals
    {% for table, column, condition in events %}
    union all
    select max({{ column }}) as latest_date
    from {{ ref('base_crm__' ~ table) }}
    where {{ is_newest_and_valid() }} and {{ condition }}
    {% endfor %}
),

fallbacks as (
    {% for table, column, condition in fallbacks %}
    {% if not loop.first %}union all{% endif %}
    select max({{ column }}) as latest_date
    from {{ ref('base_crm__' ~ table) }}
    where {{ is_newest_and_valid() }} and {{ condition }}
    {% endfor %}
),

updates as (
    {% for table in raw_table_names() %}
    {% if not loop.first %}union all{% endif %}
    select max(updated_date) as latest_date
    from {{ ref('base_crm__' ~ table) }}
    where _has_key
    {% endfor %}
),

bounds as (
    select
        (select max(latest_date) from events) as latest_event,
        (select max(latest_date) from fallbacks) as latest_fallback,
        (select max(latest_date) from updates) as latest_update
),

final as (
    select
        coalesce(
            {{ date_literal(var('as_of_date')) }},
            least(
                coalesce(latest_event, latest_fallback, latest_update, {{ run_day() }}),
                coalesce(latest_update, {{ run_day() }}),
                {{ run_day() }}
            )
        ) as as_of_date
    from bounds
)

select * from final
