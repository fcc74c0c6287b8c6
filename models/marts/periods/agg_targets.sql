-- grain: one row per period_type and period_start: the company's target of net revenue, where every month of the period has one
with month_ends as (
    select distinct
        target_month,
        {{ month_end('target_month') }} as month_end
    from {{ ref('fct_targets') }}
),

targets as (
    select
        target_month,
        entity_type,
        entity_id,
        target_value
    from {{ ref('fct_targets') }}
    where metric = 'net_revenue' and target_value is not null
),

-- a rep's target belongs to the team on the month's last day
rep_targets as (
    select
        targets.target_month,
        rep_teams.team_id,
        sum(targets.target_value) as target_value
    from targets
    inner join month_ends on targets.target_month = month_ends.target_month
    inner join {{ ref('dim_rep_teams') }} as rep_teams
        on targets.entity_id = rep_teams.rep_id and {{ held_on('rep_teams', 'month_ends.month_end') }}
    where targets.entity_type = 'rep'
    group by targets.target_month, rep_teams.team_id
),

team_targets as (
    select
        coalesce(own.target_month, rep_targets.target_month) as target_month,
        coalesce(own.entity_id, rep_targets.team_id) as team_id,
        coalesce(own.target_value, rep_targets.target_value) as target_value
    from (
        select
            target_month,
            entity_id,
            target_value
        from targets
        where entity_type = 'team'
    ) as own
    full outer join rep_targets on own.target_month = rep_targets.target_month and own.entity_id = rep_targets.team_id
),

teams_together as (
    select
        target_month,
        sum(target_value) as target_value
    from team_targets
    group by target_month
),

company_months as (
    select
        month_ends.target_month,
        coalesce(own.target_value, teams_together.target_value) as target_value
    from month_ends
    left join targets as own on month_ends.target_month = own.target_month and own.entity_type = 'company'
    left join teams_together on month_ends.target_month = teams_together.target_month
),

final as (
    select
        periods.period_type,
        periods.period_start,
        cast(sum(company_months.target_value) as {{ money_type() }}) as target
    from {{ ref('dim_periods') }} as periods
    inner join company_months on {{ in_period('periods', 'company_months.target_month') }}
    group by periods.period_type, periods.period_start, periods.months_in_period
    having count(company_months.target_value) = periods.months_in_period
)

select * from final
