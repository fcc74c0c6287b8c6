-- grain: one row per rep id that any staged row mentions
{% set mentions = [
    ('team_memberships', 'rep_id'), ('teams', 'manager_rep_id'), ('accounts', 'owner_rep_id'), ('account_owners', 'rep_id'),
    ('leads', 'owner_rep_id'), ('opportunities', 'owner_rep_id'), ('opportunity_splits', 'rep_id'), ('orders', 'rep_id'),
    ('activities', 'rep_id'), ('subscriptions', 'rep_id'), ('survey_responses', 'rep_id'),
] %}

with mentions as (
    {% for table, column in mentions %}
    select {{ column }} from {{ ref('stg_crm__' ~ table) }}
    union
    {% endfor %}
    select owner_rep_id as rep_id from {{ ref('stg_crm__account_versions') }}
    union
    select owner_rep_id as rep_id from {{ ref('stg_crm__lead_versions') }}
    union
    select entity_id as rep_id from {{ ref('stg_crm__targets') }}
    where entity_type = 'rep'
),

final as (
    select rep_id
    from mentions
    where rep_id is not null and rep_id <> 'unassigned'
)

select * from final
