-- In every dimension the sizes of the cohorts of a month add up to its new customers, and a cohort has one size at every age (KPIs §4, 6).
-- If not, a customer is in two segments, or in none.
with sizes as (
    select
        cohort_month,
        dimension_name,
        dimension_value,
        min(cohort_size) as smallest,
        max(cohort_size) as largest
    from {{ ref('cohort_retention') }}
    group by cohort_month, dimension_name, dimension_value
),

cohorts as (
    select
        cohort_month,
        dimension_name,
        sum(smallest) as smallest_sizes,
        sum(largest) as largest_sizes
    from sizes
    group by cohort_month, dimension_name
),

dimensions as (
    {% for dimension in ['all', 'segment', 'channel', 'team'] %}
    {% if not loop.first %}union all{% endif %}
    select '{{ dimension }}' as dimension_name
    {% endfor %}
),

customers as (
    select
        {{ month_of('customers.first_purchase_date') }} as cohort_month,
        dimensions.dimension_name,
        count(*) as customers
    from {{ ref('dim_customers') }} as customers
    cross join dimensions
    where customers.first_purchase_date is not null
    group by {{ month_of('customers.first_purchase_date') }}, dimensions.dimension_name
)

select
    coalesce(cohorts.cohort_month, customers.cohort_month) as cohort_month,
    coalesce(cohorts.dimension_name, customers.dimension_name) as dimension_name,
    cohorts.smallest_sizes,
    cohorts.largest_sizes,
    customers.customers
from cohorts
full outer join customers on cohorts.cohort_month = customers.cohort_month and cohorts.dimension_name = customers.dimension_name
where coalesce(cohorts.smallest_sizes, 0) <> coalesce(customers.customers, 0) or coalesce(cohorts.largest_sizes, 0) <> coalesce(customers.customers, 0)
