{#
  The additive parts of the KPIs at rep × team × day, each counted once: source -> its parts.
  Marts sum parts and finish them; nothing else adds up events.
#}
{% macro kpi_parts() %}
    {% set parts = {} %}
    {% for source, rows in boussole.credited_contributions().items() %}{% do parts.update({source: rows.parts | list}) %}{% endfor %}
    {{ return(parts) }}
{% endmacro %}

{% macro all_kpi_parts() %}{{ return(boussole.kpi_parts().values() | sum(start=[])) }}{% endmacro %}

{# The SQL type of a part: credit shares, money and quantities, or a whole number. #}
{% macro part_type(part) -%}
{%- if part in ['sales_count', 'basket_count', 'new_customers'] -%}{{ credit_type() }}
{%- elif part.endswith('_with_amount') -%}bigint
{%- elif part.endswith('_amount') or part.endswith('_revenue') or part.endswith('_margin') or part == 'units_sold' -%}{{ money_type() }}
{%- else -%}bigint
{%- endif -%}
{%- endmacro %}

{# Every part summed, for a `group by` over fct_rep_team_days. #}
{% macro summed_parts(relation) -%}
{% for part in all_kpi_parts() -%}
cast(sum({{ relation }}.{{ part }}) as {{ part_type(part) }}) as {{ part }}{% if not loop.last %},
        {% endif %}
{%- endfor %}
{%- endmacro %}

{# A sum over rows of which some have no value: 0 without rows, NULL where no row has one: an unknown is not 0. #}
{% macro known_sum(value, rows, known_rows, nothing=0) -%}
case when coalesce({{ rows }}, 0) = 0 then {{ nothing }} when {{ known_rows }} > 0 then {{ value }} end
{%- endmacro %}

{# Additive KPI that is not a part itself -> the parts that it adds up, with their signs. #}
{% macro kpi_terms() %}
    {{ return({
        'net_revenue': {'sold_amount': 1, 'returned_amount': -1},
        'cost_of_goods': {'sold_cost_amount': 1, 'returned_cost_amount': -1},
        'gross_margin': {
            'margin_sold_amount': 1, 'margin_returned_amount': -1, 'margin_sold_cost_amount': -1, 'margin_returned_cost_amount': 1,
        },
        'gross_margin_rate_denominator': {'margin_sold_amount': 1, 'margin_returned_amount': -1},
        'average_basket_numerator': {'basket_amount': 1},
        'average_call_minutes_denominator': {'timed_calls': 1},
        'average_meeting_minutes_denominator': {'timed_meetings': 1},
        'persons_converted_in_time': {'leads_converted_in_time': 1},
    }) }}
{% endmacro %}

{# The sum of these over the summed parts `parts`. #}
{% macro summed_terms(kpi) -%}
{% for part, sign in kpi_terms()[kpi].items() -%}
{{ (' + ' if sign > 0 else ' - ') if not loop.first }}parts.{{ part }}
{%- endfor %}
{%- endmacro %}

{# Additive KPI -> its SQL over the summed parts `parts`. #}
{% macro additive_kpis() %}
    {% set kpis = {} %}
    {% for kpi in [
        'leads_created', 'leads_converted', 'opportunities_created', 'opportunities_won', 'opportunities_lost', 'activities', 'calls', 'connected_calls',
        'meetings', 'held_meetings', 'emails', 'demos', 'sales_count', 'basket_count', 'new_customers', 'units_sold',
    ] %}{% do kpis.update({kpi: 'coalesce(parts.' ~ kpi ~ ', 0)'}) %}{% endfor %}
    {% for kpi, rows, known_rows in [
        ('won_amount', 'opportunities_won', 'won_with_amount'), ('lost_amount', 'opportunities_lost', 'lost_with_amount'),
        ('call_seconds', 'calls', 'calls_with_duration'), ('meeting_seconds', 'meetings', 'meetings_with_duration'),
        ('gross_revenue', 'sale_rows', 'priced_sale_rows'), ('discount_amount', 'sale_rows', 'priced_sale_rows'),
        ('sold_amount', 'sale_rows', 'priced_sale_rows'), ('returned_amount', 'return_rows', 'priced_return_rows'),
    ] %}{% do kpis.update({kpi: known_sum('parts.' ~ kpi, 'parts.' ~ rows, 'parts.' ~ known_rows)}) %}{% endfor %}
    {% set lines = '(parts.sale_lines + parts.return_lines)' %}
    {# A margin is known for the lines of which both the revenue and the cost are. #}
    {% set with_margin = '(parts.margin_sale_lines + parts.margin_return_lines)' %}
    {% for kpi, rows, known_rows in [
        ('net_revenue', '(parts.sale_rows + parts.return_rows)', '(parts.priced_sale_rows + parts.priced_return_rows)'),
        ('cost_of_goods', lines, '(parts.costed_sale_lines + parts.costed_return_lines)'),
        ('gross_margin', lines, with_margin), ('gross_margin_rate_denominator', lines, with_margin),
    ] %}{% do kpis.update({kpi: known_sum(summed_terms(kpi), rows, known_rows)}) %}{% endfor %}
    {% for kpi in ['average_basket_numerator', 'average_call_minutes_denominator', 'average_meeting_minutes_denominator'] %}{% do kpis.update({kpi: 'coalesce(' ~ summed_terms(kpi) ~ ', 0)'}) %}{% endfor %}
    {% do kpis.update({
        'average_call_minutes_numerator': 'cast(coalesce(parts.timed_call_seconds, 0) as double) / 60',
        'average_meeting_minutes_numerator': 'cast(coalesce(parts.timed_meeting_seconds, 0) as double) / 60',
        'persons_converted_in_time': 'coalesce(' ~ summed_terms('persons_converted_in_time') ~ ', 0)',
    }) %}
    {{ return(kpis) }}
{% endmacro %}

{% macro kpi_type(kpi) -%}
{%- if kpi in ['sales_count', 'basket_count', 'new_customers'] -%}{{ credit_type() }}
{%- elif kpi.endswith('_minutes_numerator') -%}double
{%- elif kpi in ['units_sold', 'gross_revenue', 'net_revenue', 'cost_of_goods', 'gross_margin', 'gross_margin_rate_denominator', 'average_basket_numerator'] or kpi.endswith('_amount') -%}
{{ money_type() }}
{%- else -%}bigint
{%- endif -%}
{%- endmacro %}

{# The metric whose availability decides a column: parts of a ratio follow their ratio. #}
{% macro metric_of(kpi) %}{{ return('leads_converted' if kpi == 'persons_converted_in_time' else kpi | replace('_numerator', '') | replace('_denominator', '')) }}{% endmacro %}

{# Every additive KPI over `parts`, NULL where a raw table that it needs was not supplied (`availability`). #}
{% macro finished_kpis() -%}
{% for kpi, expression in additive_kpis().items() -%}
cast(case when availability.{{ metric_of(kpi) }} then {{ expression }} end as {{ kpi_type(kpi) }}) as {{ kpi }}{% if not loop.last %},
        {% endif %}
{%- endfor %}
{%- endmacro %}

{# One row with one boolean per metric of the catalogue: whether every raw table that it needs was supplied. #}
{% macro availability(metrics) -%}
select
    {% for metric in metrics %}
    max(case when metric = '{{ metric }}' and is_available then 1 else 0 end) = 1 as {{ metric }}{% if not loop.last %},{% endif %}
    {% endfor %}
from {{ ref('dim_kpis') }}
{%- endmacro %}

{% macro additive_metrics() %}
    {% set metrics = [] %}
    {% for kpi in boussole.additive_kpis() if boussole.metric_of(kpi) not in metrics %}{% do metrics.append(boussole.metric_of(kpi)) %}{% endfor %}
    {{ return(metrics) }}
{% endmacro %}

{#
  A union of relations that have different columns: `sources` is relation -> the columns that only some of them have; `keys` are in all.
  Of these columns `dimensions` are text, the others are measures. A column that a relation does not have is NULL.
#}
{% macro aligned_union(sources, keys, dimensions=[], type=none) -%}
{%- set measures = [] -%}
{%- for columns in sources.values() %}{% for column in columns if column not in dimensions and column not in measures %}{% do measures.append(column) %}{% endfor %}{% endfor -%}
{% for source, columns in sources.items() %}
{% if not loop.first %}union all{% endif %}
select
    {{ keys | join(',\n    ') }}{% for column in dimensions + measures %},
    cast({{ column if column in columns else 'null' }} as {{ dbt.type_string() if column in dimensions else type or part_type(column) }}) as {{ column }}{% endfor %}

from {{ source }}
{% endfor %}
{%- endmacro %}
