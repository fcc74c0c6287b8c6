-- Which reps should work on which step, over the last three complete months? The steps that were a focus, by what the peer median would have brought.
with months as (
    select
        period_start as month,
        row_number() over (order by period_start desc) as months_ago
    from {{ ref('dim_periods') }}
    where period_type = 'month' and is_complete_period
)

select
    cards.rep_id,
    reps.rep_name,
    reps.team_name,
    cards.step,
    count(*) as months_in_focus,
    sum(cards.numerator) as numerator,
    sum(cards.denominator) as denominator,
    {{ safe_divide('sum(cards.numerator)', 'sum(cards.denominator)') }} as rate,
    sum(cards.effect_amount) as effect_amount
from {{ ref('rep_scorecards') }} as cards
inner join months on cards.month = months.month and months.months_ago <= 3
inner join {{ ref('dim_reps') }} as reps on cards.rep_id = reps.rep_id and reps.is_current
where cards.flag = 'focus'
group by cards.rep_id, reps.rep_name, reps.team_name, cards.step
order by effect_amount desc nulls last, cards.rep_id asc, cards.step asc
