{# The date of a UTC instant in the reporting time zone. Computed once, beside the instant, never in a mart. #}
{% macro business_date(instant) %}{{ return(adapter.dispatch('business_date', 'boussole')(instant)) }}{% endmacro %}
{% macro duckdb__business_date(instant) -%}
cast(timezone('{{ var("reporting_time_zone") }}', timezone('UTC', {{ instant }})) as date)
{%- endmacro %}
{% macro spark__business_date(instant) -%}
to_date(from_utc_timestamp({{ instant }}, '{{ var("reporting_time_zone") }}'))
{%- endmacro %}

{# The UTC instant of midnight, in the reporting time zone, of a date. #}
{% macro midnight_utc(date) %}{{ return(adapter.dispatch('midnight_utc', 'boussole')(date)) }}{% endmacro %}
{% macro duckdb__midnight_utc(date) -%}
timezone('UTC', timezone('{{ var("reporting_time_zone") }}', cast({{ date }} as timestamp)))
{%- endmacro %}
{% macro spark__midnight_utc(date) -%}
to_utc_timestamp(cast({{ date }} as timestamp), '{{ var("reporting_time_zone") }}')
{%- endmacro %}

{# The UTC instant of an ISO 8601 text; without an offset the text is UTC (the session's time zone is UTC). #}
{% macro parse_instant(text) %}{{ return(adapter.dispatch('parse_instant', 'boussole')(text)) }}{% endmacro %}
{% macro duckdb__parse_instant(text) %}timezone('UTC', try_cast({{ text }} as timestamptz)){% endmacro %}
{% macro spark__parse_instant(text) %}try_cast({{ text }} as timestamp){% endmacro %}

{# The UTC wall time of a column that carries its time zone. #}
{% macro utc_wall_time(instant) %}{{ return(adapter.dispatch('utc_wall_time', 'boussole')(instant)) }}{% endmacro %}
{% macro duckdb__utc_wall_time(instant) %}timezone('UTC', {{ instant }}){% endmacro %}
{% macro spark__utc_wall_time(instant) %}cast({{ instant }} as timestamp){% endmacro %}

{# 1 for Monday to 7 for Sunday. #}
{% macro iso_weekday(date) %}{{ return(adapter.dispatch('iso_weekday', 'boussole')(date)) }}{% endmacro %}
{% macro duckdb__iso_weekday(date) %}cast(isodow({{ date }}) as integer){% endmacro %}
{% macro spark__iso_weekday(date) %}(weekday({{ date }}) + 1){% endmacro %}

{#
  Dates moved by days or months; the result is a date on every engine. dbt's own macros for Spark repeat the date several times, so that a few of them
  within each other make a quarter of a megabyte of SQL.
#}
{% macro add_days(date, days) %}{{ return(adapter.dispatch('add_days', 'boussole')(date, days)) }}{% endmacro %}
{% macro default__add_days(date, days) %}cast({{ dbt.dateadd('day', days, date) }} as date){% endmacro %}
{% macro spark__add_days(date, days) %}date_add({{ date }}, cast({{ days }} as int)){% endmacro %}

{% macro add_months(date, months) %}{{ return(adapter.dispatch('add_months', 'boussole')(date, months)) }}{% endmacro %}
{% macro default__add_months(date, months) %}cast({{ dbt.dateadd('month', months, date) }} as date){% endmacro %}
{% macro spark__add_months(date, months) %}add_months({{ date }}, cast({{ months }} as int)){% endmacro %}

{% macro month_of(date) %}cast({{ dbt.date_trunc('month', date) }} as date){% endmacro %}
{% macro month_end(date) %}{{ add_days(add_months(month_of(date), 1), -1) }}{% endmacro %}

{# Days and months from one date to another, months by the calendar: from the 31st to the 1st is one month. #}
{% macro days_between(first, last) %}{{ return(adapter.dispatch('days_between', 'boussole')(first, last)) }}{% endmacro %}
{% macro default__days_between(first, last) %}cast({{ dbt.datediff(first, last, 'day') }} as bigint){% endmacro %}
{% macro spark__days_between(first, last) %}cast(datediff({{ last }}, {{ first }}) as bigint){% endmacro %}

{% macro months_between(first, last) %}{{ return(adapter.dispatch('months_between', 'boussole')(first, last)) }}{% endmacro %}
{% macro default__months_between(first, last) %}cast({{ dbt.datediff(first, last, 'month') }} as bigint){% endmacro %}
{% macro spark__months_between(first, last) %}cast(months_between(trunc({{ last }}, 'MM'), trunc({{ first }}, 'MM')) as bigint){% endmacro %}

{# A date of a var; NULL where it is not set. #}
{% macro date_literal(day) %}cast({{ 'null' if day is none else "'" ~ day ~ "'" }} as date){% endmacro %}

{# The earlier and the later of two dates of which one may be NULL: engines disagree on greatest() of a NULL. #}
{% macro first_of(first, second) %}least(coalesce({{ first }}, {{ second }}), coalesce({{ second }}, {{ first }})){% endmacro %}
{% macro last_of(first, second) %}greatest(coalesce({{ first }}, {{ second }}), coalesce({{ second }}, {{ first }})){% endmacro %}

{# Hours between two instants, as a double, from their whole seconds. #}
{% macro hours_between(first, last) %}{{ return(adapter.dispatch('hours_between', 'boussole')(first, last)) }}{% endmacro %}
{% macro default__hours_between(first, last) %}cast({{ dbt.datediff(first, last, 'second') }} as double) / 3600{% endmacro %}
{% macro spark__hours_between(first, last) %}cast(unix_timestamp({{ last }}) - unix_timestamp({{ first }}) as double) / 3600{% endmacro %}
