-- Promoters + passives + detractors = responses, in every team and month (KPIs §4, 4).
select
    month,
    team_id,
    promoters,
    passives,
    detractors,
    nps_responses
from {{ ref('team_monthly_kpis') }}
where
    promoters + passives + detractors <> nps_responses
    or (nps_responses is null) <> (promoters is null)
    or (nps_responses is null) <> (passives is null)
    or (nps_responses is null) <> (detractors is null)
