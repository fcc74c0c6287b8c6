-- grain: one row per team and month of the calendar; a team's numbers are those of its members on the day of the event
with availability as (
    {{ availability(additive_metrics() + [
        'target', 'active_reps', 'fte', 'customers_at_start', 'csat_responses', 'nps_responses', 'complaints'
    ]) | indent }}
),

calendar as (
    select max(date_day) as as_of_date
    from {{ ref('dim_dates') }}
    where is_elapsed
),

dates as (
    select
        dates.date_day,
        dates.month,
        calendar.as_of_date
    from {{ ref('dim_dates') }} as dates
    cross join calendar
),

months as (
    select
        dates.month,
        max(dates.date_day) as month_end,
        max(dates.as_of_date) as as_of_date,
        max(dates.date_day) <= max(dates.as_of_date) as is_complete_period,
        count(*) as days_in_month,
        sum(case when dates.date_day <= dates.as_of_date then 1 else 0 end) as elapsed_days
    from dates
    group by dates.month
),

spine as (
    select
        months.*,
        teams.team_id,
        teams.team_name,
        teams.region,
        teams.region_key
    from months
    cross join {{ ref('dim_teams') }} as teams
),

month_parts as (
    select
        {{ month_of('parts.date_day') }} as month,
        parts.team_id,
        {{ summed_parts('parts') }}
    from {{ ref('fct_rep_team_days') }} as parts
    group by {{ month_of('parts.date_day') }}, parts.team_id
),

staff as (
    select
        month,
        team_id,
        count(distinct rep_id) as active_reps,
        sum(fte) as fte_days
    from {{ ref('fct_rep_days') }}
    where is_employed
    group by month, team_id
),

region_months as (
    select
        region_key,
        month,
        max(working_days_in_month) as working_days,
        max(elapsed_working_days_in_month) as elapsed_working_days
    from {{ ref('dim_region_dates') }}
    group by region_key, month
),

-- a customer belongs to the team of its owner on the evening before the month
retention as (
    select
        {{ add_days('at_start.evening_date', 1) }} as month,
        at_start.owner_team_id as team_id,
        count(*) as customers_at_start,
        count(at_end.customer_id) as customers_retained
    from {{ ref('fct_active_customers') }} as at_start
    left join {{ ref('fct_active_customers') }} as at_end
        on
            at_start.customer_id = at_end.customer_id
            and at_end.evening_date = {{ month_end(add_days('at_start.evening_date', 1)) }}
    group by {{ add_days('at_start.evening_date', 1) }}, at_start.owner_team_id
),

surveys as (
    select
        {{ month_of('responded_date') }} as month,
        team_id,
        sum(case when is_csat then 1 else 0 end) as csat_responses,
        sum(case when is_satisfied then 1 else 0 end) as csat_satisfied,
        sum(case when is_latest_nps_of_month then 1 else 0 end) as nps_responses,
        sum(case when is_latest_nps_of_month and nps_class = 'promoter' then 1 else 0 end) as promoters,
        sum(case when is_latest_nps_of_month and nps_class = 'passive' then 1 else 0 end) as passives,
        sum(case when is_latest_nps_of_month and nps_class = 'detractor' then 1 else 0 end) as detractors
    from {{ ref('fct_survey_responses') }}
    group by {{ month_of('responded_date') }}, team_id
),

tickets as (
    select
        {{ month_of('opened_date') }} as month,
        team_id,
        sum(case when is_complaint then 1 else 0 end) as complaints
    from {{ ref('fct_tickets') }}
    group by {{ month_of('opened_date') }}, team_id
),

finished as (
    select
        spine.*,
        case when availability.active_reps then cast(coalesce(staff.active_reps, 0) as bigint) end as active_reps,
        case when availability.fte then {{ safe_divide('coalesce(staff.fte_days, 0)', 'spine.elapsed_days') }} end as fte,
        {{ finished_kpis() }},
        case when availability.customers_at_start then coalesce(retention.customers_at_start, 0) end as customers_at_start,
        -- who is active at the end of an open month is not known yet
        case when availability.customers_at_start and spine.is_complete_period then coalesce(retention.customers_retained, 0) end
            as customers_retained,
        {% for metric in ['csat_responses', 'csat_satisfied'] %}
        case when availability.csat_responses then cast(coalesce(surveys.{{ metric }}, 0) as bigint) end as {{ metric }},
        {% endfor %}
        {% for metric in ['nps_responses', 'promoters', 'passives', 'detractors'] %}
        case when availability.nps_responses then cast(coalesce(surveys.{{ metric }}, 0) as bigint) end as {{ metric }},
        {% endfor %}
        case when availability.complaints then cast(coalesce(tickets.complaints, 0) as bigint) end as complaints,
        case when availability.target then targets.target end as target,
        region_months.working_days,
        region_months.elapsed_working_days
    from spine
    cross join availability
    left join month_parts as parts on spine.month = parts.month and spine.team_id = parts.team_id
    left join staff on spine.month = staff.month and spine.team_id = staff.team_id
    left join retention on spine.month = retention.month and spine.team_id = retention.team_id
    left join surveys on spine.month = surveys.month and spine.team_id = surveys.team_id
    left join tickets on spine.month = tickets.month and spine.team_id = tickets.team_id
    left join {{ ref('agg_team_targets') }} as targets on spine.month = targets.target_month and spine.team_id = targets.team_id
    inner join region_months on spine.region_key = region_months.region_key and spine.month = region_months.month
),

netted as (
    select
        finished.*,
        opportunities_won + opportunities_lost as win_rate_denominator,
        won_amount + lost_amount as win_rate_value_denominator,
        activities as activities_per_fte_numerator,
        case when is_complete_period then customers_at_start end as customer_retention_rate_denominator,
        customers_at_start - customers_retained as customer_churn_rate_numerator,
        {{ add_days('month_end', var('lead_conversion_days')) }} <= as_of_date as is_conversion_complete
    from finished
),

-- persons who have not lived through the whole window are in neither part of the rate
censored as (
    select
        netted.*,
        case when is_conversion_complete then persons_converted_in_time end as lead_conversion_rate_numerator,
        case when is_conversion_complete then leads_created end as lead_conversion_rate_denominator
    from netted
),

-- the earlier period of an open month ends with its working day of the same number
to_date_parts as (
    select
        current_month.team_id,
        current_month.month,
        sum(case when earlier_days.month = {{ add_months('current_month.month', -1) }} then parts.sold_amount - parts.returned_amount end)
            as mom_net_revenue_to_date,
        sum(case when earlier_days.month = {{ add_months('current_month.month', -12) }} then parts.sold_amount - parts.returned_amount end)
            as yoy_net_revenue_to_date
    from censored as current_month
    inner join {{ ref('dim_region_dates') }} as earlier_days
        on
            current_month.region_key = earlier_days.region_key
            and earlier_days.month in ({{ add_months('current_month.month', -1) }}, {{ add_months('current_month.month', -12) }})
            and earlier_days.working_day_of_month - case when earlier_days.is_working_day then 1 else 0 end < current_month.elapsed_working_days
    inner join {{ ref('fct_rep_team_days') }} as parts
        on current_month.team_id = parts.team_id and earlier_days.date_day = parts.date_day
    where not current_month.is_complete_period
    group by current_month.team_id, current_month.month
),

compared as (
    select
        netted.*,
        netted.net_revenue as attainment_rate_numerator,
        netted.net_revenue as pace_rate_numerator,
        {{ safe_divide('netted.target * netted.elapsed_working_days', 'netted.working_days') }} as pace_rate_denominator,
        case when netted.is_complete_period then {{ growth_rate('netted.net_revenue', 'mom.net_revenue') }} end as net_revenue_growth_mom,
        case when netted.is_complete_period then {{ growth_rate('netted.net_revenue', 'yoy.net_revenue') }} end as net_revenue_growth_yoy,
        case when not netted.is_complete_period then {{ growth_rate('netted.net_revenue', 'to_date_parts.mom_net_revenue_to_date') }} end
            as net_revenue_growth_mom_to_date,
        case when not netted.is_complete_period then {{ growth_rate('netted.net_revenue', 'to_date_parts.yoy_net_revenue_to_date') }} end
            as net_revenue_growth_yoy_to_date
    from censored as netted
    left join censored as mom on netted.team_id = mom.team_id and mom.month = {{ add_months('netted.month', -1) }}
    left join censored as yoy on netted.team_id = yoy.team_id and yoy.month = {{ add_months('netted.month', -12) }}
    left join to_date_parts on netted.team_id = to_date_parts.team_id and netted.month = to_date_parts.month
),

rated as (
    select
        compared.*,
        {{ ratio('win_rate') }} as win_rate,
        {{ ratio('win_rate_value') }} as win_rate_value,
        {{ ratio('attainment_rate') }} as attainment_rate,
        {{ ratio('pace_rate') }} as pace_rate,
        {{ ratio('net_revenue_per_fte') }} as net_revenue_per_fte,
        {{ ratio('sales_per_fte') }} as sales_per_fte,
        {{ ratio('activities_per_fte') }} as activities_per_fte,
        {{ ratio('lead_conversion_rate') }} as lead_conversion_rate,
        {{ ratio('period_conversion_rate') }} as period_conversion_rate,
        {{ ratio('customer_retention_rate') }} as customer_retention_rate,
        {{ ratio('customer_churn_rate') }} as customer_churn_rate,
        {{ ratio('csat') }} as csat,
        {{ ratio('nps') }} as nps,
        {{ ratio('average_call_minutes') }} as average_call_minutes,
        {{ ratio('average_meeting_minutes') }} as average_meeting_minutes,
        {{ ratio('average_basket') }} as average_basket,
        {{ ratio('gross_margin_rate') }} as gross_margin_rate,
        -- only complete periods of real teams are ranked
        is_complete_period and team_id <> 'unassigned' as is_ranked
    from compared
),

final as (
    select
        month,
        team_id,
        team_name,
        region,
        is_complete_period,
        active_reps,
        fte,
        {{ column_list([
            'leads_created', 'leads_converted', 'opportunities_created', 'opportunities_won', 'opportunities_lost', 'won_amount', 'lost_amount',
            'calls', 'connected_calls', 'meetings', 'held_meetings', 'emails', 'demos', 'call_seconds', 'meeting_seconds', 'sales_count',
            'basket_count', 'units_sold', 'gross_revenue', 'discount_amount', 'sold_amount', 'returned_amount',
        ]) }},
        cast(net_revenue as {{ money_type() }}) as net_revenue,
        cost_of_goods,
        gross_margin,
        new_customers,
        net_revenue_growth_mom,
        net_revenue_growth_yoy,
        cast(target as {{ money_type() }}) as target,
        attainment_rate,
        pace_rate,
        net_revenue_per_fte,
        sales_per_fte,
        activities_per_fte,
        lead_conversion_rate,
        period_conversion_rate,
        win_rate,
        win_rate_value,
        customers_at_start,
        customers_retained,
        customer_retention_rate,
        customer_churn_rate,
        csat_responses,
        csat_satisfied,
        csat,
        nps_responses,
        promoters,
        passives,
        detractors,
        nps,
        complaints,
        average_basket,
        gross_margin_rate,
        {% for metric, value in [('net_revenue', 'net_revenue'), ('attainment', 'attainment_rate')] %}
        case
            when is_ranked and {{ value }} is not null
                then cast(rank() over (partition by month, is_ranked order by {{ value }} desc nulls last) as bigint)
        end as {{ metric }}_rank,
        {% endfor %}
        average_call_minutes,
        average_meeting_minutes,
        customer_retention_rate_denominator,
        customer_churn_rate_numerator,
        win_rate_denominator,
        cast(win_rate_value_denominator as {{ money_type() }}) as win_rate_value_denominator,
        average_basket_numerator,
        average_call_minutes_numerator,
        average_call_minutes_denominator,
        average_meeting_minutes_numerator,
        average_meeting_minutes_denominator,
        gross_margin_rate_denominator,
        pace_rate_denominator,
        activities_per_fte_numerator,
        lead_conversion_rate_numerator,
        lead_conversion_rate_denominator,
        {{ ratio_precision([
            'lead_conversion_rate', 'period_conversion_rate', 'win_rate', 'customer_retention_rate', 'customer_churn_rate', 'csat', 'nps'
        ]) }},
        net_revenue_growth_mom_to_date,
        net_revenue_growth_yoy_to_date
    from rated
)

select * from final
