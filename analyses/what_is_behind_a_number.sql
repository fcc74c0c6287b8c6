-- What is behind a number? The rows of the net revenue of the best team in the latest complete month; they add up to it.
-- Change the metric and what is asked for; `python -m orchestration explain` shows the same, with what does not count.
{% set metric = 'net_revenue' %}
{% set asked %}
select
    grain,
    entity_id,
    period_type,
    max(period_start) as period_start
from {{ ref('kpi_values') }}
where metric = 'net_revenue' and grain = 'team' and period_type = 'month' and is_complete_period and rank = 1
group by grain, entity_id, period_type
order by period_start desc
limit 1
{% endset %}

{{ explain(metric, asked) }}
