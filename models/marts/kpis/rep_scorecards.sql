-- grain: one row per rep, month and step of the way from an activity to a basket
{# Each step is a rate over the step before it, so that revenue is their product: a step that is twice as good doubles it. #}
{% set steps = {
    'activities': ('activities', 'working_days'), 'leads': ('leads_created', 'activities'), 'meetings': ('held_meetings', 'leads_created'),
    'deals': ('opportunities_created', 'held_meetings'), 'wins': ('opportunities_won', 'closed_deals'), 'basket': ('sold_amount', 'basket_count'),
} %}

with working_days as (
    select
        month,
        rep_id,
        sum(case when is_working_day then 1 else 0 end) as working_days
    from {{ ref('fct_rep_days') }}
    where is_employed and rep_id <> 'unassigned'
    group by month, rep_id
),

rep_months as (
    select
        monthly.period_start as month,
        monthly.is_complete_period,
        monthly.entity_id as rep_id,
        working_days.working_days,
        -- of every type, `other` too
        monthly.activities,
        monthly.leads_created,
        monthly.held_meetings,
        monthly.opportunities_created,
        monthly.opportunities_won,
        monthly.win_rate_denominator as closed_deals,
        monthly.average_basket_numerator as sold_amount,
        monthly.basket_count
    from {{ ref('agg_kpis') }} as monthly
    inner join working_days on monthly.period_start = working_days.month and monthly.entity_id = working_days.rep_id
    where monthly.grain = 'rep' and monthly.period_type = 'month'
),

measured as (
    {% for step, parts in steps.items() %}
    {% if not loop.first %}union all{% endif %}
    select
        rep_months.month,
        rep_months.is_complete_period,
        rep_months.rep_id,
        '{{ step }}' as step,
        cast(rep_months.{{ parts[0] }} as {{ money_type() }}) as numerator,
        cast(rep_months.{{ parts[1] }} as {{ credit_type() }}) as denominator,
        rep_months.sold_amount
    from rep_months
    {% endfor %}
),

rated as (
    select
        measured.*,
        {{ safe_divide('measured.numerator', 'measured.denominator') }} as rate,
        -- too few cases say nothing about a rep; working days are no cases
        measured.is_complete_period and measured.numerator is not null
        and coalesce(measured.denominator >= {{ var('low_n_threshold') }} or (measured.step = 'activities' and measured.denominator > 0), false)
            as is_compared
    from measured
),

peer_medians as (
    select
        month,
        step,
        count(*) as peers,
        {{ median_of('rate') }} as peer_median
    from rated
    where is_compared
    group by month, step
),

-- the share of the other peers that are below
placed as (
    select
        month,
        step,
        rep_id,
        percent_rank() over (partition by month, step order by rate) as percentile
    from rated
    where is_compared
),

before as (
    select
        rated.month,
        rated.rep_id,
        rated.step,
        sum(earlier.numerator) as numerator,
        sum(earlier.denominator) as denominator
    from rated
    inner join rated as earlier
        on
            rated.rep_id = earlier.rep_id
            and rated.step = earlier.step
            and rated.month > earlier.month
            and {{ add_months('rated.month', -3) }} <= earlier.month
    group by rated.month, rated.rep_id, rated.step
),

judged as (
    select
        rated.rep_id,
        rated.month,
        rated.step,
        rated.numerator,
        rated.denominator,
        rated.rate,
        coalesce(peer_medians.peers, 0) as peers,
        case when peer_medians.peers >= 5 then placed.percentile end as percentile,
        case when peer_medians.peers >= 5 then peer_medians.peer_median end as peer_median,
        {{ safe_divide('before.numerator', 'before.denominator') }} as trailing_rate,
        rated.sold_amount
    from rated
    left join peer_medians on rated.month = peer_medians.month and rated.step = peer_medians.step
    left join placed on rated.month = placed.month and rated.step = placed.step and rated.rep_id = placed.rep_id
    left join before on rated.month = before.month and rated.step = before.step and rated.rep_id = before.rep_id
),

final as (
    select
        rep_id,
        month,
        step,
        numerator,
        denominator,
        rate,
        cast(peers as bigint) as peers,
        percentile,
        peer_median,
        trailing_rate,
        {{ growth_rate('rate', 'trailing_rate') }} as trend,
        case
            when percentile >= 0.75 and rate > peer_median then 'strength'
            when percentile <= 0.25 and rate < peer_median then 'focus'
        end as flag,
        -- what the month would have brought with this step at the median and the others as they are
        case
            when percentile is null or rate = 0 then null
            when rate >= peer_median then cast(0 as {{ money_type() }})
            else {{ rounded_double('cast(sold_amount as double) * (' ~ safe_divide('peer_median', 'rate') ~ ' - 1)') }}
        end as effect_amount
    from judged
)

select * from final
