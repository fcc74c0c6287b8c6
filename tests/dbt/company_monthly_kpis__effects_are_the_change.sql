-- price + volume + mix + currency = the change of net revenue against the month before, exactly (KPIs §4, 8).
-- The four are there together in every complete month that has a month before it, where orders are the revenue basis, and nowhere else.
{% set effects = ['price_effect', 'volume_effect', 'mix_effect', 'fx_effect'] %}

with availability as (
    {{ availability(['price_effect']) | indent }}
),

compared as (
    select
        months.month,
        availability.price_effect and months.is_complete_period and earlier.month is not null as is_expected,
        {% for effect in effects %}
        months.{{ effect }},
        {% endfor %}
        coalesce(months.net_revenue, 0) - coalesce(earlier.net_revenue, 0) as change_of_net_revenue
    from {{ ref('company_monthly_kpis') }} as months
    cross join availability
    left join {{ ref('company_monthly_kpis') }} as earlier on earlier.month = {{ add_months('months.month', -1) }}
)

select *
from compared
where
    {% for effect in effects %}
    ({{ effect }} is not null) <> is_expected
    or {% endfor -%}
    price_effect + volume_effect + mix_effect + fx_effect <> change_of_net_revenue
