-- Who is behind target in the latest month? Teams and reps by their pace: what they sold against what was due by the working days that have passed.
with latest as (
    select max(period_start) as period_start from {{ ref('dim_periods') }}
    where period_type = 'month'
)

select
    tidy.grain,
    entities.entity_id,
    entities.entity_name,
    tidy.period_start as month,
    tidy.is_complete_period,
    tidy.numerator as net_revenue,
    tidy.denominator as due_by_now,
    tidy.value as pace_rate
from {{ ref('kpi_values') }} as tidy
inner join latest on tidy.period_start = latest.period_start
inner join {{ ref('dim_entity_periods') }} as entities
    on {{ same_entity_period('tidy', 'entities') }}
where tidy.metric = 'pace_rate' and tidy.period_type = 'month' and tidy.grain <> 'company' and tidy.value < 1
order by tidy.grain desc, tidy.value asc, entities.entity_id asc
