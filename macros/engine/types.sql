{# The SQL types of the contract; one name each, accepted by every engine. #}
{% macro money_type() %}decimal(18, 4){% endmacro %}
{% macro rate_type() %}decimal(18, 8){% endmacro %}
{% macro share_type() %}decimal(9, 8){% endmacro %}
{% macro credit_type() %}decimal(18, 8){% endmacro %}

{# A type of instants that carry their time zone, as Parquet brings them. #}
{% macro zoned_type() %}{{ return(adapter.dispatch('zoned_type', 'boussole')()) }}{% endmacro %}
{% macro default__zoned_type() %}timestamp with time zone{% endmacro %}
{% macro spark__zoned_type() %}timestamp{% endmacro %}
