-- Growth x the earlier month = the change; NULL where a month is open or the earlier one is unknown, 0 or less (KPIs §2; §1, G8).
{% set growths = [('net_revenue_growth_mom', 1), ('net_revenue_growth_yoy', 12)] %}

with compared as (
    {% for growth, months_back in growths %}
    {% if not loop.first %}union all{% endif %}
    select
        months.month,
        months.team_id,
        '{{ growth }}' as growth,
        months.is_complete_period,
        months.net_revenue,
        earlier.net_revenue as earlier_net_revenue,
        months.{{ growth }} as published,
        months.{{ growth }}_to_date as published_to_date
    from {{ ref('team_monthly_kpis') }} as months
    left join {{ ref('team_monthly_kpis') }} as earlier
        on months.team_id = earlier.team_id and earlier.month = {{ add_months('months.month', -months_back) }}
    {% endfor %}
)

select
    month,
    team_id,
    growth,
    is_complete_period,
    net_revenue,
    earlier_net_revenue,
    published,
    published_to_date
from compared
where
    (published is not null) <> (is_complete_period and net_revenue is not null and coalesce(earlier_net_revenue, 0) > 0)
    or abs(published * earlier_net_revenue - (net_revenue - earlier_net_revenue)) > 0.000000001 * greatest(1, abs(net_revenue))
    or (is_complete_period and published_to_date is not null)
