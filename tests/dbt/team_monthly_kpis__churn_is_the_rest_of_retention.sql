-- Churn = 1 - retention, of the same customers: both known or both unknown (KPIs §2).
select
    month,
    team_id,
    customers_at_start,
    customers_retained,
    customer_retention_rate,
    customer_churn_rate
from {{ ref('team_monthly_kpis') }}
where
    (customer_retention_rate is null) <> (customer_churn_rate is null)
    or abs(customer_retention_rate + customer_churn_rate - 1) > 0.000000001
