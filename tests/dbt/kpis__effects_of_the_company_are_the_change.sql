-- price + volume + mix + currency = the change of net revenue against the period before, exactly, in months and quarters (KPIs §4, 8); of a month, each
-- effect is the sum of the products'. The four are there together in every complete period that has a whole period before it, where orders are the
-- revenue basis, and nowhere else.
{% set effects = ['price_effect', 'volume_effect', 'mix_effect', 'fx_effect'] %}
{% set marts = [('company_monthly_kpis', 'month', 1), ('company_quarterly_kpis', 'quarter', 3)] %}

with availability as (
    {{ availability(['price_effect']) | indent }}
),

calendar as (
    select min(date_day) as first_day from {{ ref('dim_dates') }}
),

products as (
    select
        month{% for effect in effects %},
        sum({{ effect }}) as {{ effect }}{% endfor %}

    from {{ ref('product_monthly_kpis') }}
    group by month
),

compared as (
    {% for mart, period, months in marts %}
    {% if not loop.first %}union all{% endif %}
    select
        '{{ mart }}' as mart,
        periods.{{ period }} as period_start,
        availability.price_effect
        and periods.is_complete_period
        and earlier.{{ period }} is not null
        -- a period that the calendar cuts is none to compare with
        and earlier.{{ period }} >= calendar.first_day as is_expected,
        {% for effect in effects %}
        periods.{{ effect }},
        {{ 'products.' ~ effect if period == 'month' else 'periods.' ~ effect }} as {{ effect }}_of_products,
        {% endfor %}
        coalesce(periods.net_revenue, 0) - coalesce(earlier.net_revenue, 0) as change_of_net_revenue
    from {{ ref(mart) }} as periods
    cross join availability
    cross join calendar
    left join {{ ref(mart) }} as earlier on earlier.{{ period }} = {{ add_months('periods.' ~ period, -months) }}
    {% if period == 'month' %}
    left join products on periods.month = products.month
    {% endif %}
    {% endfor %}
)

select *
from compared
where
    {% for effect in effects %}
    ({{ effect }} is not null) <> is_expected
    or {{ effect }} is distinct from {{ effect }}_of_products
    or {% endfor -%}
    price_effect + volume_effect + mix_effect + fx_effect <> change_of_net_revenue
