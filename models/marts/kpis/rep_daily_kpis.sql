-- grain: one row per rep and calendar day (KPIs §3 says from which to which)
{{ config(partition_by=by_month('date_day')) }}
with availability as (
    {{ availability(additive_metrics() + ['target']) | indent }}
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
        parts.sale_rows + parts.return_rows as revenue_rows,
        parts.priced_sale_rows + parts.priced_return_rows as priced_revenue_rows,
        {{ finished_kpis() }}
    from {{ ref('fct_rep_days') }} as days
    cross join availability
    left join day_parts as parts on days.rep_id = parts.rep_id and days.date_day = parts.date_day
),

netted as (
    select
        finished.*,
        opportunities_won + opportunities_lost as win_rate_denominator
    from finished
),

cumulated as (
    select
        netted.*,
        sum(net_revenue) over month_to_date as known_net_revenue,
        sum(revenue_rows) over month_to_date as revenue_rows_to_date,
        sum(priced_revenue_rows) over month_to_date as priced_revenue_rows_to_date
    from netted
    window month_to_date as (partition by rep_id, month order by date_day rows between unbounded preceding and current row)
),

to_date as (
    select
        cumulated.*,
        {{ known_sum('known_net_revenue', 'revenue_rows_to_date', 'priced_revenue_rows_to_date', nothing='known_net_revenue') }} as month_to_date_net_revenue
    from cumulated
),

targeted as (
    select
        to_date.*,
        targets.target_value as target,
        to_date.month_to_date_net_revenue as attainment_rate_numerator,
        to_date.month_to_date_net_revenue as pace_rate_numerator,
        {{ safe_divide('targets.target_value * to_date.working_day_of_month', 'to_date.working_days_in_month') }} as pace_rate_denominator
    from to_date
    left join {{ ref('fct_targets') }} as targets
        on
            to_date.rep_id = targets.entity_id
            and to_date.month = targets.target_month
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
        {{ ratio('call_connect_rate') }} as call_connect_rate,
        targeted.win_rate_denominator,
        targeted.average_basket_numerator,
        targeted.average_call_minutes_numerator,
        targeted.average_call_minutes_denominator,
        targeted.average_meeting_minutes_numerator,
        targeted.average_meeting_minutes_denominator,
        targeted.gross_margin_rate_denominator,
        targeted.pace_rate_denominator,
        targeted.is_team_assumed,
        {{ ratio_precision(['win_rate', 'call_connect_rate']) }}
    from targeted
    inner join {{ ref('dim_reps') }} as reps on targeted.rep_id = reps.rep_id
    inner join {{ ref('dim_teams') }} as teams on targeted.team_id = teams.team_id
)

select * from final
