{# An amount in the reporting currency; NULL without a rate, never 1.0. #}
{% macro to_reporting_currency(amount, rate) -%}{{ rounded_product(amount, rate) }}{%- endmacro %}

{# The join condition that finds the rate of a currency on a day: the latest one on or before it. #}
{% macro rate_on(rates, currency, day) -%}
{{ rates }}.currency = {{ currency }} and {{ day }} >= {{ rates }}.valid_from and {{ day }} < {{ rates }}.valid_to
{%- endmacro %}

{# The join condition that finds the row of a history (valid_from, exclusive valid_to) on a day. #}
{% macro held_on(history, day) -%}
{{ day }} >= {{ history }}.valid_from and {{ day }} < {{ history }}.valid_to
{%- endmacro %}
