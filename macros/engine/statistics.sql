{# The median of an aggregate, as a double: the mean of the two in the middle of an even number, without the unknown ones. BigQuery has none. #}
{% macro median_of(values) %}{{ return(adapter.dispatch('median_of', 'boussole')(values)) }}{% endmacro %}
{% macro default__median_of(values) %}median({{ values }}){% endmacro %}
