{# The SQL types of the contract; one name each, accepted by every engine. #}
{% macro money_type() %}decimal(18, 4){% endmacro %}
{% macro rate_type() %}decimal(18, 8){% endmacro %}
{% macro share_type() %}decimal(9, 8){% endmacro %}
{% macro credit_type() %}decimal(18, 8){% endmacro %}
