{# The run's own day in the reporting time zone: a ceiling of the as-of date, and the only use of the real clock. #}
{% macro run_day() -%}
{# A bad time zone is reported by check_vars, which has not run yet when dbt parses. #}
{%- set zone = modules.pytz.timezone(var('reporting_time_zone') if execute else 'UTC') -%}
cast('{{ run_started_at.astimezone(zone).strftime("%Y-%m-%d") }}' as date)
{%- endmacro %}

{# The newest version of a key, neither deleted nor in breach of the contract. #}
{% macro is_newest_and_valid() -%}
_has_key and _next_updated_date is null and not coalesce(is_deleted, false) and _violation is null
{%- endmacro %}
