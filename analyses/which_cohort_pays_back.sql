-- After how many months has a monthly cohort paid back what its customers cost, and how far are those that have not?
select
    company.month as cohort_month,
    company.new_customers,
    company.cac,
    company.cac_payback_months,
    max(cohorts.months_since_first_purchase) as months_lived,
    max(cohorts.cumulative_margin_per_customer) as margin_per_customer_so_far
from {{ ref('company_monthly_kpis') }} as company
inner join {{ ref('cohort_retention') }} as cohorts
    on company.month = cohorts.cohort_month and cohorts.dimension_name = 'all' and cohorts.is_complete
group by company.month, company.new_customers, company.cac, company.cac_payback_months
order by cohort_month
