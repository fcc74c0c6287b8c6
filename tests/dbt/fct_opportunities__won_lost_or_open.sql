-- Every deal is won, lost or open, never two of them: won + lost + open = all deals (KPIs §4, 3). A closed deal has a close date, an open one none.
select
    opportunity_id,
    stage,
    is_open,
    is_won,
    is_lost,
    is_closed,
    close_date
from {{ ref('fct_opportunities') }}
where
    case when is_open then 1 else 0 end + case when is_won then 1 else 0 end + case when is_lost then 1 else 0 end <> 1
    or is_closed is null
    or is_closed = is_open
    or is_closed and close_date is null
    or is_open and close_date is not null
