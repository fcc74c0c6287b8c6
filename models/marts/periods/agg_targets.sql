-- grain: one row per metric, grain (company, team, rep), entity and period of which every month has a target, or the last one, of a state
with targets as (
    select
        targets.metric,
        targets.target_month,
        targets.grain,
        targets.entity_id,
        targets.target,
        coalesce(kpis.aggregation = 'end_of_period', false) as is_state
    from {{ ref('agg_month_targets') }} as targets
    left join {{ ref('dim_kpis') }} as kpis on targets.metric = kpis.metric
),

-- the months of an additive metric add up; a state is aimed at for the end of the period
final as (
    select
        targets.metric,
        targets.grain,
        targets.entity_id,
        periods.period_type,
        periods.period_start,
        cast(sum(targets.target) as {{ money_type() }}) as target
    from {{ ref('dim_periods') }} as periods
    inner join targets
        on
            case when targets.is_state then {{ month_of('periods.period_end') }} else periods.period_start end <= targets.target_month
            and periods.period_end >= targets.target_month
    group by targets.metric, targets.grain, targets.entity_id, periods.period_type, periods.period_start, periods.months_in_period, targets.is_state
    having count(targets.target) = case when targets.is_state then 1 else periods.months_in_period end
)

select * from final
