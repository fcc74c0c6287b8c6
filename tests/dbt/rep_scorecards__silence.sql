-- Below 5 peers, and of a rep without a place among them, a scorecard says nothing: no percentile, no flag, no effect.
-- A flag from a handful of cases would send the wrong rep to coaching.
select
    rep_id,
    month,
    step,
    peers,
    percentile,
    peer_median,
    flag,
    effect_amount
from {{ ref('rep_scorecards') }}
where
    (peers < 5 and (percentile is not null or peer_median is not null or flag is not null or effect_amount is not null))
    or (percentile is null and (flag is not null or effect_amount is not null))
    or (percentile is not null and rate is null)
