-- grain: one row per team and month of the calendar; a team's numbers are those of its members on the day of the event
{% set ratios_with_cases = [
    'lead_conversion_rate', 'period_conversion_rate', 'win_rate', 'call_connect_rate', 'customer_retention_rate', 'customer_churn_rate', 'csat', 'nps',
] %}

with team_months as (
    select
        kpis.*,
        teams.region,
        -- only complete periods of real teams are ranked
        kpis.is_complete_period and kpis.entity_id <> 'unassigned' as is_ranked
    from {{ ref('agg_kpis') }} as kpis
    inner join {{ ref('dim_teams') }} as teams on kpis.team_id = teams.team_id
    where kpis.grain = 'team' and kpis.period_type = 'month'
),

final as (
    select
        period_start as month,
        team_id,
        entity_name as team_name,
        region,
        is_complete_period,
        active_reps,
        fte,
        {{ column_list([
            'leads_created', 'leads_converted', 'opportunities_created', 'opportunities_won', 'opportunities_lost', 'won_amount', 'lost_amount',
            'calls', 'connected_calls', 'meetings', 'held_meetings', 'emails', 'demos', 'call_seconds', 'meeting_seconds', 'sales_count',
            'basket_count', 'units_sold', 'gross_revenue', 'discount_amount', 'sold_amount', 'returned_amount',
        ]) }},
        net_revenue,
        cost_of_goods,
        gross_margin,
        new_customers,
        net_revenue_growth as net_revenue_growth_mom,
        net_revenue_growth_yoy,
        target,
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
                then cast(rank() over (partition by period_start, is_ranked order by {{ value }} desc nulls last) as bigint)
        end as {{ metric }}_rank,
        {% endfor %}
        call_connect_rate,
        average_call_minutes,
        average_meeting_minutes,
        customer_retention_rate_denominator,
        customer_churn_rate_numerator,
        win_rate_denominator,
        win_rate_value_denominator,
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
        {{ column_list(precision_columns(ratios_with_cases)) }},
        net_revenue_growth_to_date as net_revenue_growth_mom_to_date,
        net_revenue_growth_yoy_to_date
    from team_months
)

select * from final
