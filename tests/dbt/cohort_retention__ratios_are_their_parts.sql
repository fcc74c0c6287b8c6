-- Revenue retention is this month's revenue over that of the cohort's first month; the margin per customer so far is the running sum over the size.
-- Checked only where every earlier month is in the calendar.
with cells as (
    select
        cohorts.*,
        first_months.net_revenue as first_month_net_revenue
    from {{ ref('cohort_retention') }} as cohorts
    inner join {{ ref('cohort_retention') }} as first_months
        on
            cohorts.cohort_month = first_months.cohort_month
            and cohorts.dimension_name = first_months.dimension_name
            and cohorts.dimension_value = first_months.dimension_value
            and first_months.months_since_first_purchase = 0
    where cohorts.is_complete
),

margins as (
    select
        later.cohort_month,
        later.dimension_name,
        later.dimension_value,
        later.months_since_first_purchase,
        sum(earlier.gross_margin) as margin_so_far
    from cells as later
    inner join cells as earlier
        on
            later.cohort_month = earlier.cohort_month
            and later.dimension_name = earlier.dimension_name
            and later.dimension_value = earlier.dimension_value
            and later.months_since_first_purchase >= earlier.months_since_first_purchase
    group by later.cohort_month, later.dimension_name, later.dimension_value, later.months_since_first_purchase
)

select
    cells.cohort_month,
    cells.dimension_name,
    cells.dimension_value,
    cells.months_since_first_purchase,
    cells.net_revenue,
    cells.first_month_net_revenue,
    cells.revenue_retention_rate,
    margins.margin_so_far,
    cells.cohort_size,
    cells.cumulative_margin_per_customer
from cells
inner join margins
    on
        cells.cohort_month = margins.cohort_month
        and cells.dimension_name = margins.dimension_name
        and cells.dimension_value = margins.dimension_value
        and cells.months_since_first_purchase = margins.months_since_first_purchase
where
    (cells.revenue_retention_rate is null) <> (cells.net_revenue is null or coalesce(cells.first_month_net_revenue, 0) = 0)
    or abs(cells.revenue_retention_rate * cells.first_month_net_revenue - cells.net_revenue) > 0.000000001 * greatest(1, abs(cells.net_revenue))
    or abs(cells.cumulative_margin_per_customer * cells.cohort_size - margins.margin_so_far) > 0.000000001 * greatest(1, abs(margins.margin_so_far))
