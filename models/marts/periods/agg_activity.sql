-- grain: one row per grain, entity and period: the additive KPIs, the staff and the sales cycle of the company, a team or a rep
with availability as (
    {{ availability(additive_metrics() + ['active_reps', 'fte']) | indent }}
),

periods as (
    select
        period_type,
        period_start,
        counted_from,
        period_end
    from {{ ref('dim_periods') }}
),

-- summed once: companies and teams are sums of what reps did in a team
rep_team_parts as (
    select
        periods.period_type,
        periods.period_start,
        parts.rep_id,
        parts.team_id,
        {{ summed_parts('parts') }}
    from {{ ref('fct_rep_team_days') }} as parts
    inner join periods on {{ in_period('periods', 'parts.date_day') }}
    group by periods.period_type, periods.period_start, parts.rep_id, parts.team_id
),

rep_team_staff as (
    select
        periods.period_type,
        periods.period_start,
        days.rep_id,
        days.team_id,
        sum(days.fte) as fte_days
    from {{ ref('fct_rep_days') }} as days
    inner join periods on {{ in_period('periods', 'days.date_day') }}
    where days.is_employed
    group by periods.period_type, periods.period_start, days.rep_id, days.team_id
),

entity_parts as (
    {% for grain, entity in entity_grains('rep_id', 'team_id').items() %}
    {% if not loop.first %}union all{% endif %}
    select
        '{{ grain }}' as grain,
        {{ entity }} as entity_id,
        period_type,
        period_start,
        {{ summed_parts('rep_team_parts') }}
    from rep_team_parts
    group by {{ 'period_type, period_start' if grain == 'company' else entity ~ ', period_type, period_start' }}
    {% endfor %}
),

staff as (
    {% for grain, entity in entity_grains('rep_id', 'team_id').items() %}
    {% if not loop.first %}union all{% endif %}
    select
        '{{ grain }}' as grain,
        {{ entity }} as entity_id,
        period_type,
        period_start,
        count(distinct rep_id) as active_reps,
        sum(fte_days) as fte_days
    from rep_team_staff
    group by {{ 'period_type, period_start' if grain == 'company' else entity ~ ', period_type, period_start' }}
    {% endfor %}
),

cycles as (
    {% for grain, entity in entity_grains('deals.owner_rep_id', 'deals.closed_team_id').items() %}
    {% if not loop.first %}union all{% endif %}
    select
        '{{ grain }}' as grain,
        {{ entity }} as entity_id,
        periods.period_type,
        periods.period_start,
        {{ median_of('deals.sales_cycle_days') }} as median_sales_cycle_days,
        count(deals.sales_cycle_days) as sales_cycles
    from {{ ref('fct_opportunities') }} as deals
    inner join periods on {{ in_period('periods', 'deals.close_date') }}
    where deals.is_won
    group by {{ '' if grain == 'company' else entity ~ ', ' }}periods.period_type, periods.period_start
    {% endfor %}
),

final as (
    select
        entities.grain,
        entities.entity_id,
        entities.period_type,
        entities.period_start,
        cast(case when availability.active_reps then coalesce(staff.active_reps, 0) end as bigint) as active_reps,
        case when availability.fte then {{ safe_divide('coalesce(staff.fte_days, 0)', 'entities.elapsed_days') }} end as fte,
        {{ finished_kpis() }},
        case when availability.opportunities_won then cast(cycles.median_sales_cycle_days as double) end as median_sales_cycle_days,
        cast(case when availability.opportunities_won then coalesce(cycles.sales_cycles, 0) end as bigint) as sales_cycles
    from {{ ref('dim_entity_periods') }} as entities
    cross join availability
    left join entity_parts as parts
        on {{ same_entity_period('entities', 'parts') }}
    left join staff
        on {{ same_entity_period('entities', 'staff') }}
    left join cycles
        on {{ same_entity_period('entities', 'cycles') }}
)

select * from final
