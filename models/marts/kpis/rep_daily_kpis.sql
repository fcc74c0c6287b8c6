-- grain: one row per rep and calendar day (KPIs §3 says from which to which)
with availability as (
    {{ availability(additive_metrics() + ['net_revenue', 'target', 'attainment_rate', 'pace_rate']) | indent }}
),

day_parts as (
    select
        parts.rep_id,
        parts.date_day,
        {{ summed_parts('parts') }}
    from {{ ref('fct_rep_team_days') }} as parts
    group by parts.rep_id, parts.date_day
),

finished as (
    select
        days.date_day,
        days.month,
        days.rep_id,
        days.team_id,
        days.is_team_assumed,
        days.is_employed,
        days.is_working_day,
        days.working_day_of_month,
        days.working_days_in_month,
        availability.net_revenue as has_net_revenue,
        {{ finished_kpis() }}
    from {{ ref('fct_rep_days') }} as days
    cross join availability
    left join day_parts as parts on days.rep_id = parts.rep_id and days.date_day = parts.date_day
),

netted as (
    select
        finished.*,
        sold_amount - coalesce(returned_amount, 0) as net_revenue,
        opportunities_won + opportunities_lost as win_rate_denominator
    from finished
),

cumulated as (
    select
        netted.*,
        sum(net_revenue) over (partition by rep_id, month order by date_day rows between unbounded preceding and current row)
            as month_to_date_net_revenue
    from netted
),

targeted as (
    select
        cumulated.*,
        targets.target_value as target,
        cumulated.month_to_date_net_revenue as attainment_rate_numerator,
        cumulated.month_to_date_net_revenue as pace_rate_numerator,
        {{ safe_divide('targets.target_value * cumulated.working_day_of_month', 'cumulated.working_days_in_month') }} as pace_rate_denominator
    from cumulated
    left join {{ ref('fct_targets') }} as targets
        on
            cumulated.rep_id = targets.entity_id
            and cumulated.month = targets.target_month
            and targets.entity_type = 'rep'
            and targets.metric = 'net_revenue'
),

final as (
    select
        targeted.date_day,
        targeted.rep_id,
        reps.rep_name,
        targeted.team_id,
        teams.team_name,
        targeted.is_employed,
        targeted.is_working_day,
        targeted.leads_created,
        targeted.leads_converted,
        targeted.opportunities_created,
        targeted.opportunities_won,
        targeted.opportunities_lost,
        targeted.won_amount,
        targeted.lost_amount,
        {{ ratio('win_rate') }} as win_rate,
        targeted.calls,
        targeted.connected_calls,
        targeted.meetings,
        targeted.held_meetings,
        targeted.emails,
        targeted.demos,
        targeted.call_seconds,
        targeted.meeting_seconds,
        {{ ratio('average_call_minutes') }} as average_call_minutes,
        {{ ratio('average_meeting_minutes') }} as average_meeting_minutes,
        targeted.sales_count,
        targeted.basket_count,
        targeted.units_sold,
        targeted.gross_revenue,
        targeted.discount_amount,
        targeted.sold_amount,
        targeted.returned_amount,
        cast(targeted.net_revenue as {{ money_type() }}) as net_revenue,
        targeted.cost_of_goods,
        targeted.gross_margin,
        {{ ratio('gross_margin_rate') }} as gross_margin_rate,
        {{ ratio('average_basket') }} as average_basket,
        targeted.new_customers,
        cast(targeted.month_to_date_net_revenue as {{ money_type() }}) as month_to_date_net_revenue,
        targeted.target as month_target,
        {{ ratio('attainment_rate') }} as attainment_rate,
        {{ ratio('pace_rate') }} as pace_rate,
        targeted.win_rate_denominator,
        targeted.average_call_minutes_numerator,
        targeted.average_call_minutes_denominator,
        targeted.average_meeting_minutes_numerator,
        targeted.average_meeting_minutes_denominator,
        targeted.gross_margin_rate_denominator,
        targeted.pace_rate_denominator,
        targeted.is_team_assumed,
        {{ ratio_precision(['win_rate']) }}
    from targeted
    inner join {{ ref('dim_reps') }} as reps on targeted.rep_id = reps.rep_id
    inner join {{ ref('dim_teams') }} as teams on targeted.team_id = teams.team_id
)

select * from final
