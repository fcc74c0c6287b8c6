-- In the month of its first purchase the whole cohort is active: retention 1, and NULL while that month is open (KPIs §4, 6).
select
    cohort_month,
    dimension_name,
    dimension_value,
    is_complete,
    cohort_size,
    active_customers,
    retention_rate
from {{ ref('cohort_retention') }}
inner join {{ ref('dim_kpis') }} as metrics on metrics.metric = 'retention_rate' and metrics.is_available
where
    months_since_first_purchase = 0
    and (
        is_complete and (active_customers is null or active_customers <> cohort_size or retention_rate is null or retention_rate <> 1)
        or not is_complete and (active_customers is not null or retention_rate is not null)
    )
