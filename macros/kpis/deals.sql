{# Won and closed as the CRM says, else by the stage, trimmed and case-blind (KPIs §1, G11). A won deal is closed. #}
{% macro stage_is_in(stages) -%}
lower({{ trimmed('stage') }}) in ({% for stage in stages %}{{ sql_text(stage | trim | lower) }}{% if not loop.last %}, {% endif %}{% endfor %})
{%- endmacro %}
{% macro deal_is_won() %}coalesce(is_won, {{ stage_is_in(var('won_stages')) }}){% endmacro %}
{% macro deal_is_closed() -%}
({{ deal_is_won() }} or coalesce(is_closed, {{ stage_is_in(var('won_stages') + var('lost_stages')) }}))
{%- endmacro %}
