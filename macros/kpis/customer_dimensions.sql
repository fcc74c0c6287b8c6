{# The monthly mart of a dimension of customers: the same KPIs by channel and by segment. #}
{% macro customer_dimension_monthly(dimension, with_visitors=false) -%}
with final as (
    select
        period_start as month,
        dimension_value as {{ dimension }},
        leads_created,
        leads_converted,
        {{ ratio('lead_conversion_rate') }} as lead_conversion_rate,
        new_customers,
        net_revenue,
        {{ ratio('customer_retention_rate') }} as customer_retention_rate,
        {{ ratio('nps') }} as nps,
        complaints,
        {% if with_visitors %}
        visitors,
        {{ ratio('visitor_conversion_rate') }} as visitor_conversion_rate,
        {% endif %}
        lead_conversion_rate_numerator,
        lead_conversion_rate_denominator,
        customers_at_start,
        customers_retained,
        customer_retention_rate_denominator,
        nps_responses,
        promoters,
        passives,
        detractors,
        {{ ratio_precision(['lead_conversion_rate', 'customer_retention_rate', 'nps'] + (['visitor_conversion_rate'] if with_visitors else [])) }}
    from {{ ref('agg_customers') }}
    where period_type = 'month' and dimension_name = '{{ dimension }}'
)

select * from final
{%- endmacro %}
