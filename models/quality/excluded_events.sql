-- grain: one row per staged row that no KPI counts, with the reason and its day
{# Staged rows that are no fact: [model, raw table, key, day]. #}
{% set judged = [
    ('int_orders', 'orders', 'order_id', 'ordered_date'),
    ('int_opportunities', 'opportunities', 'opportunity_id', 'coalesce(close_date, created_date)'),
    ('int_leads', 'leads', 'lead_id', 'created_date'),
] %}
{# Events that may lie after the as-of date: [raw table, key, day]. #}
{% set planned = [
    ('activities', 'activity_id', 'started_date'),
    ('tickets', 'ticket_id', 'opened_date'),
    ('survey_responses', 'response_id', 'responded_date'),
    ('survey_invitations', 'invitation_id', 'sent_date'),
    ('reviews', 'review_id', 'reviewed_date'),
    ('web_visits', "cast(visit_date as " ~ dbt.type_string() ~ ") || '|' || channel || '|' || coalesce(campaign_id, '')", 'visit_date'),
    ('campaign_spend', "campaign_id || '|' || cast(spend_date as " ~ dbt.type_string() ~ ')', 'spend_date'),
    ('operating_costs', 'cost_id', 'cost_month'),
    ('subscriptions', "subscription_id || '|' || cast(started_on as " ~ dbt.type_string() ~ ')', 'started_on'),
] %}

with clock as (
    select as_of_date from {{ ref('stg_run__clock') }}
),

excluded as (
    {% for model, table, key, day in judged %}
    select
        '{{ table }}' as table_name,
        {{ key }} as row_key,
        {{ day }} as event_date,
        exclusion_reason
    from {{ ref(model) }}
    where exclusion_reason is not null
    union all
    {% endfor %}
    select
        'order_lines' as table_name,
        lines.order_line_id as row_key,
        orders.ordered_date as event_date,
        lines.exclusion_reason
    from {{ ref('int_order_lines') }} as lines
    left join {{ ref('int_orders') }} as orders on lines.order_id = orders.order_id
    where lines.exclusion_reason is not null
    union all
    select distinct
        'returns' as table_name,
        return_id as row_key,
        returned_date as event_date,
        exclusion_reason
    from {{ ref('int_return_lines') }}
    where exclusion_reason is not null
    union all
    {% for table, key, day in planned %}
    select
        '{{ table }}' as table_name,
        {{ key }} as row_key,
        {{ day }} as event_date,
        'in_the_future' as exclusion_reason
    from {{ ref('stg_crm__' ~ table) }}
    cross join clock
    where {{ day }} > clock.as_of_date
    union all
    {% endfor %}
    select
        'opportunity_stage_changes' as table_name,
        changes.opportunity_id || '|' || cast(changes.changed_at as {{ dbt.type_string() }}) as row_key,
        changes.changed_date as event_date,
        case
            when deals.opportunity_id is null then 'opportunity_unknown'
            when changes.changed_date > clock.as_of_date then 'in_the_future'
            else deals.exclusion_reason
        end as exclusion_reason
    from {{ ref('stg_crm__opportunity_stage_changes') }} as changes
    cross join clock
    left join {{ ref('int_opportunities') }} as deals on changes.opportunity_id = deals.opportunity_id
    union all
    select
        'opportunity_splits' as table_name,
        splits.opportunity_id || '|' || splits.rep_id as row_key,
        cast(null as date) as event_date,
        case
            when deals.opportunity_id is null then 'opportunity_unknown'
            when abs(sum(splits.share) over (partition by splits.opportunity_id) - 1) > 0.001 then 'shares_do_not_add_up'
        end as exclusion_reason
    from {{ ref('stg_crm__opportunity_splits') }} as splits
    left join {{ ref('stg_crm__opportunities') }} as deals on splits.opportunity_id = deals.opportunity_id
    union all
    select
        'accounts' as table_name,
        account_id as row_key,
        cast(null as date) as event_date,
        'merged' as exclusion_reason
    from {{ ref('int_account_survivors') }}
    where is_merged and not is_inferred
    union all
    select
        'accounts' as table_name,
        staged.account_id as row_key,
        staged.created_date as event_date,
        'in_the_future' as exclusion_reason
    from {{ ref('stg_crm__accounts') }} as staged
    left join {{ ref('int_accounts') }} as accounts on staged.account_id = accounts.account_id
    where accounts.account_id is null
),

final as (
    select
        table_name,
        row_key,
        exclusion_reason,
        event_date
    from excluded
    where exclusion_reason is not null
)

select * from final
