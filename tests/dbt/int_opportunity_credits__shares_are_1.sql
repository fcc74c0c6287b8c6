-- The credit of a deal is shared out whole: shares add up to exactly 1 (KPIs §1, G10), or its sales are worth more or less for reps than for the company.
select
    opportunity_id,
    count(*) as reps,
    sum(credit_share) as sum_of_shares,
    min(credit_share) as smallest_share
from {{ ref('int_opportunity_credits') }}
group by opportunity_id
having sum(credit_share) <> 1 or min(credit_share) < 0
