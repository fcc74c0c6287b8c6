{# Won and closed as the CRM says, else by the stage, trimmed and case-blind (KPIs §1, G11). A won deal is closed. #}
{% macro stage_is_in(stages, stage='stage') -%}
lower({{ trimmed(stage) }}) in ({% for name in stages %}{{ sql_text(name | trim | lower) }}{% if not loop.last %}, {% endif %}{% endfor %})
{%- endmacro %}

{% macro deal_is_won(deal) -%}
coalesce({{ deal }}.is_won, coalesce({{ deal }}.is_closed, true) and {{ stage_is_in(var('won_stages'), deal ~ '.stage') }})
{%- endmacro %}

{% macro deal_is_closed(deal) -%}
({{ deal_is_won(deal) }} or coalesce({{ deal }}.is_closed, {{ stage_is_in(var('won_stages') + var('lost_stages'), deal ~ '.stage') }}))
{%- endmacro %}
