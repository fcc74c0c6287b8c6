-- Every rep and team of a fact is a row of dim_reps and dim_teams: a mart joins them, and would drop the event (KPIs §1, G9).
{% set facts = {
    'fct_sale_credits': ['rep_id', 'team_id'], 'fct_return_credits': ['rep_id', 'team_id'], 'fct_leads': ['owner_rep_id', 'created_team_id'],
    'fct_opportunities': ['owner_rep_id'], 'fct_activities': ['rep_id', 'team_id'], 'fct_survey_responses': ['rep_id', 'team_id'],
    'fct_tickets': ['rep_id', 'team_id'], 'fct_active_customers': ['owner_rep_id', 'owner_team_id'], 'fct_rep_team_days': ['rep_id', 'team_id'],
    'fct_rep_days': ['rep_id', 'team_id'],
} %}

with members as (
    select
        'rep' as member_type,
        rep_id as member_id
    from {{ ref('dim_reps') }}
    union all
    select
        'team' as member_type,
        team_id as member_id
    from {{ ref('dim_teams') }}
),

mentioned as (
    {% for fact, columns in facts.items() %}{% set first_fact = loop.first %}{% for column in columns %}
    {% if not (first_fact and loop.first) %}union all{% endif %}
    select
        '{{ fact }}' as fact,
        '{{ column }}' as column_name,
        '{{ 'rep' if 'rep' in column else 'team' }}' as member_type,
        {{ column }} as member_id,
        count(*) as fact_rows
    from {{ ref(fact) }}
    group by {{ column }}
    {% endfor %}{% endfor %}
)

select
    mentioned.fact,
    mentioned.column_name,
    mentioned.member_id,
    mentioned.fact_rows
from mentioned
left join members on mentioned.member_type = members.member_type and mentioned.member_id = members.member_id
where members.member_id is null
