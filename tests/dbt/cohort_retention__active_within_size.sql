-- Nobody is retained who was not in the cohort: 0 <= active <= size, and an open month has no measure (KPIs §4, 6; §1, G14).
select
    cohort_month,
    dimension_name,
    dimension_value,
    months_since_first_purchase,
    is_complete,
    cohort_size,
    active_customers
from {{ ref('cohort_retention') }}
inner join {{ ref('dim_kpis') }} as metrics on metrics.metric = 'retention_rate' and metrics.is_available
where
    active_customers > cohort_size
    or active_customers < 0
    or cohort_size <= 0
    or is_complete and active_customers is null
    or not is_complete
    and coalesce(active_customers, retention_rate, net_revenue, revenue_retention_rate, gross_margin, cumulative_margin_per_customer) is not null
