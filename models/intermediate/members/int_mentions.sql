-- grain: one row per kind of member and id that a row mentions which exists on the as-of date
{#
  Raw table, the day on which its rows came to be (none: they have no day), kind of member -> column. What comes from accounts follows
  in int_mentioned_reps and int_account_survivors: whether an account exists depends on what is here.
#}
{% set mentions = [
    ('teams', none, {'rep': 'manager_rep_id'}),
    ('team_memberships', 'valid_from', {'rep': 'rep_id'}),
    ('account_owners', 'valid_from', {'rep': 'rep_id', 'account': 'account_id'}),
    ('contacts', 'created_date', {'account': 'account_id'}),
    ('leads', 'created_date', {'rep': 'owner_rep_id', 'account': 'account_id', 'campaign': 'campaign_id', 'channel': 'channel'}),
    ('orders', 'ordered_date', {'rep': 'rep_id', 'account': 'account_id', 'campaign': 'campaign_id'}),
    ('activities', 'started_date', {'rep': 'rep_id', 'account': 'account_id'}),
    ('campaigns', none, {'channel': 'channel'}),
    ('campaign_spend', 'spend_date', {'campaign': 'campaign_id'}),
    ('web_visits', 'visit_date', {'campaign': 'campaign_id', 'channel': 'channel'}),
    ('subscriptions', 'started_on', {'rep': 'rep_id', 'account': 'account_id', 'product': 'product_id'}),
    ('tickets', 'opened_date', {'account': 'account_id'}),
    ('survey_responses', 'responded_date', {'rep': 'rep_id', 'account': 'account_id'}),
    ('survey_invitations', 'sent_date', {'account': 'account_id'}),
    ('reviews', 'reviewed_date', {'account': 'account_id', 'product': 'product_id'}),
    ('operating_costs', 'cost_month', {'team': 'team_id'}),
] %}

with clock as (
    select as_of_date from {{ ref('stg_run__clock') }}
),

deals as (
    select
        opportunity_id,
        owner_rep_id,
        account_id,
        product_id,
        campaign_id,
        coalesce(exclusion_reason = 'in_the_future', false) as is_in_the_future
    from {{ ref('int_opportunities') }}
),

mentions as (
    {% for table, day, members in mentions %}
    {% for member, column in members.items() %}
    select
        '{{ member }}' as member,
        {{ column }} as member_id
    from {{ ref('stg_crm__' ~ table) }}
    {% if day %}
    cross join clock
    where {{ day }} is null or {{ day }} <= clock.as_of_date
    {% endif %}
    union
    {% endfor %}
    {% endfor %}
    {% for member, column in {'rep': 'owner_rep_id', 'account': 'account_id', 'product': 'product_id', 'campaign': 'campaign_id'}.items() %}
    select
        '{{ member }}' as member,
        {{ column }} as member_id
    from deals
    where not is_in_the_future
    union
    {% endfor %}
    -- parts of an event exist with it
    select
        'product' as member,
        lines.product_id as member_id
    from {{ ref('stg_crm__order_lines') }} as lines
    cross join clock
    left join {{ ref('stg_crm__orders') }} as orders on lines.order_id = orders.order_id
    where orders.order_id is null or orders.ordered_date <= clock.as_of_date
    union
    select
        'rep' as member,
        splits.rep_id as member_id
    from {{ ref('stg_crm__opportunity_splits') }} as splits
    left join deals on splits.opportunity_id = deals.opportunity_id
    where not coalesce(deals.is_in_the_future, false)
    union
    select
        'rep' as member,
        versions.owner_rep_id as member_id
    from {{ ref('stg_crm__lead_versions') }} as versions
    cross join clock
    left join {{ ref('stg_crm__leads') }} as leads on versions.lead_id = leads.lead_id
    where leads.lead_id is null or leads.created_date <= clock.as_of_date
    union
    -- a target is a plan: it exists before its month
    select
        entity_type as member,
        entity_id as member_id
    from {{ ref('stg_crm__targets') }}
    where entity_type in ('rep', 'team')
),

final as (
    select
        member,
        member_id
    from mentions
    where member_id is not null
)

select * from final
