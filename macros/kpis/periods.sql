{# The types of period: name -> months. #}
{% macro period_types() %}{{ return({'month': 1, 'quarter': 3, 'year': 12}) }}{% endmacro %}

{# The grains of KPIs: grain -> the SQL of its entity's id, from the columns of the rep and of the team on the day of the event. #}
{% macro entity_grains(rep, team) %}{{ return({'company': "'company'", 'team': team, 'rep': rep}) }}{% endmacro %}

{# The join condition of two relations that have a row per grain, entity and period. #}
{% macro same_entity_period(first, second) -%}
{{ first }}.grain = {{ second }}.grain
            and {{ first }}.entity_id = {{ second }}.entity_id
            and {{ first }}.period_type = {{ second }}.period_type
            and {{ first }}.period_start = {{ second }}.period_start
{%- endmacro %}

{# The join condition that finds the period of a day. #}
{% macro in_period(periods, day) -%}
{{ day }} >= {{ periods }}.counted_from and {{ day }} <= {{ periods }}.period_end
{%- endmacro %}

{# The movements of recurring revenue, in the order of the marts. #}
{% macro mrr_movement_types() %}{{ return(['new', 'expansion', 'contraction', 'churned', 'reactivation', 'fx']) }}{% endmacro %}

{# Whether a response is the one that speaks for its respondent in the period (KPIs §2, nps). #}
{% macro is_latest_nps_of(responses, period_type) -%}
({% for type in period_types() -%}
    ({{ period_type }} = '{{ type }}' and {{ responses }}.is_latest_nps_of_{{ type }}){% if not loop.last %} or {% endif %}
{%- endfor %})
{%- endmacro %}
