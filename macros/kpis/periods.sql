{# The types of period: name -> months. #}
{% macro period_types() %}{{ return({'month': 1, 'quarter': 3, 'year': 12}) }}{% endmacro %}

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
