select
    cast(date_trunc('month', ordered_date) as date) as month,
    'T1' as team_id,
    true as is_complete_period,
    cast(sum(amount) as decimal(18, 4)) as net_revenue,
    cast(count(*) as bigint) as opportunities_won,
    cast(0 as bigint) as opportunities_lost,
    cast(null as bigint) as leads_created
from {{ ref('fct_sales') }}
group by 1
