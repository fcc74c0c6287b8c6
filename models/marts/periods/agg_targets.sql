-- grain: one row per metric, grain (company, team, rep), entity and period of which every month has a target
with final as (
    select
        targets.metric,
        targets.grain,
        targets.entity_id,
        periods.period_type,
        periods.period_start,
        -- the months of an additive metric add up; a state is aimed at for the end of the period
        cast(case
            when max(case when kpis.aggregation = 'end_of_period' then 1 else 0 end) = 1
                then sum(case when targets.target_month = {{ month_of('periods.period_end') }} then targets.target end)
            else sum(targets.target)
        end as {{ money_type() }}) as target
    from {{ ref('dim_periods') }} as periods
    inner join {{ ref('agg_month_targets') }} as targets
        on periods.period_start <= targets.target_month and periods.period_end >= targets.target_month
    left join {{ ref('dim_kpis') }} as kpis on targets.metric = kpis.metric
    group by targets.metric, targets.grain, targets.entity_id, periods.period_type, periods.period_start, periods.months_in_period
    having count(targets.target) = periods.months_in_period
)

select * from final
