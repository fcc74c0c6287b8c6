-- In every dimension the cohorts of a complete month add up to the customers who bought in it and to their net revenue.
-- If not, a dimension drops customers or multiplies their sales.
with events as (
    select
        customer_id,
        sale_date as date_day,
        customer_id as buyer_id,
        coalesce(sold_amount, 0) as net_revenue
    from {{ ref('fct_sales') }}
    where is_revenue_basis and customer_id is not null
    union all
    select
        returns.customer_id,
        returns.returned_date as date_day,
        cast(null as {{ dbt.type_string() }}) as buyer_id,
        -coalesce(returns.returned_amount, 0) as net_revenue
    from {{ ref('fct_returns') }} as returns
    inner join {{ ref('fct_sales') }} as sales
        on returns.sale_line_id = sales.sale_line_id and sales.basis = 'orders' and sales.is_revenue_basis
    inner join {{ ref('dim_customers') }} as customers on returns.customer_id = customers.customer_id
    -- a return that is dated before the customer's first month belongs to no age of its cohort
    where {{ month_of('returns.returned_date') }} >= {{ month_of('customers.first_purchase_date') }}
),

facts as (
    select
        {{ month_of('date_day') }} as period_month,
        count(distinct buyer_id) as buyers,
        sum(net_revenue) as net_revenue
    from events
    group by {{ month_of('date_day') }}
),

cohorts as (
    select
        period_month,
        dimension_name,
        sum(active_customers) as active_customers,
        sum(net_revenue) as net_revenue
    from {{ ref('cohort_retention') }}
    where is_complete
    group by period_month, dimension_name
)

select
    cohorts.period_month,
    cohorts.dimension_name,
    cohorts.active_customers,
    coalesce(facts.buyers, 0) as buyers,
    cohorts.net_revenue as net_revenue_of_cohorts,
    coalesce(facts.net_revenue, 0) as net_revenue_of_facts
from cohorts
inner join {{ ref('dim_kpis') }} as metrics on metrics.metric = 'retention_rate' and metrics.is_available
left join facts on cohorts.period_month = facts.period_month
where cohorts.active_customers <> coalesce(facts.buyers, 0) or coalesce(cohorts.net_revenue, 0) <> coalesce(facts.net_revenue, 0)
