-- grain: one row per period_type, period_start and campaign, `unattributed` included
with periods as (
    select
        period_type,
        period_start,
        counted_from,
        period_end
    from {{ ref('dim_periods') }}
),

availability as (
    {{ availability(['spend', 'visitors', 'leads_created', 'new_customers', 'attributed_revenue', 'attributed_margin']) | indent }}
),

events as (
    select
        campaign_id,
        event_date,
        attributed_revenue,
        attributed_margin,
        new_customers,
        case when has_line then 1 else 0 end as real_lines,
        case when has_margin then 1 else 0 end as margin_lines,
        cast(null as {{ money_type() }}) as spend,
        cast(null as bigint) as visitors,
        cast(null as bigint) as leads_created,
        1 as revenue_rows,
        0 as spend_rows
    from {{ ref('fct_attributed_sales') }}
    union all
    select
        campaign_id,
        spend_date as event_date,
        cast(null as {{ money_type() }}) as attributed_revenue,
        cast(null as {{ money_type() }}) as attributed_margin,
        cast(0 as {{ credit_type() }}) as new_customers,
        0 as real_lines,
        0 as margin_lines,
        amount as spend,
        cast(null as bigint) as visitors,
        cast(null as bigint) as leads_created,
        0 as revenue_rows,
        1 as spend_rows
    from {{ ref('fct_campaign_spend') }}
    union all
    select
        coalesce(campaign_id, 'unattributed') as campaign_id,
        visit_date as event_date,
        cast(null as {{ money_type() }}) as attributed_revenue,
        cast(null as {{ money_type() }}) as attributed_margin,
        cast(0 as {{ credit_type() }}) as new_customers,
        0 as real_lines,
        0 as margin_lines,
        cast(null as {{ money_type() }}) as spend,
        visitors,
        cast(null as bigint) as leads_created,
        0 as revenue_rows,
        0 as spend_rows
    from {{ ref('fct_web_visits') }}
    union all
    select
        coalesce(campaign_id, 'unattributed') as campaign_id,
        created_date as event_date,
        cast(null as {{ money_type() }}) as attributed_revenue,
        cast(null as {{ money_type() }}) as attributed_margin,
        cast(0 as {{ credit_type() }}) as new_customers,
        0 as real_lines,
        0 as margin_lines,
        cast(null as {{ money_type() }}) as spend,
        cast(null as bigint) as visitors,
        1 as leads_created,
        0 as revenue_rows,
        0 as spend_rows
    from {{ ref('fct_leads') }}
    where is_first_of_person
),

summed as (
    select
        periods.period_type,
        periods.period_start,
        events.campaign_id,
        sum(events.attributed_revenue) as attributed_revenue,
        sum(events.attributed_margin) as attributed_margin,
        sum(events.new_customers) as new_customers,
        sum(events.real_lines) as real_lines,
        sum(events.margin_lines) as margin_lines,
        sum(events.revenue_rows) as revenue_rows,
        count(events.attributed_revenue) as priced_rows,
        sum(events.spend) as spend,
        sum(events.spend_rows) as spend_rows,
        count(events.spend) as priced_spend_rows,
        sum(events.visitors) as visitors,
        sum(events.leads_created) as leads_created
    from events
    inner join periods on {{ in_period('periods', 'events.event_date') }}
    group by periods.period_type, periods.period_start, events.campaign_id
),

final as (
    select
        periods.period_type,
        periods.period_start,
        campaigns.campaign_id,
        cast(
            case when availability.spend then {{ known_sum('summed.spend', 'summed.spend_rows', 'summed.priced_spend_rows') }} end
            as {{ money_type() }}
        ) as spend,
        cast(case when availability.visitors then coalesce(summed.visitors, 0) end as bigint) as visitors,
        cast(case when availability.leads_created then coalesce(summed.leads_created, 0) end as bigint) as leads_created,
        cast(case when availability.new_customers then coalesce(summed.new_customers, 0) end as {{ credit_type() }}) as new_customers,
        cast(case
            when availability.attributed_revenue then {{ known_sum('summed.attributed_revenue', 'summed.revenue_rows', 'summed.priced_rows') }}
        end as {{ money_type() }}) as attributed_revenue,
        cast(case
            when availability.attributed_margin then {{ known_sum('summed.attributed_margin', 'summed.real_lines', 'summed.margin_lines') }}
        end as {{ money_type() }}) as attributed_margin
    from periods
    cross join {{ ref('dim_campaigns') }} as campaigns
    cross join availability
    left join summed
        on
            periods.period_type = summed.period_type
            and periods.period_start = summed.period_start
            and campaigns.campaign_id = summed.campaign_id
)

select * from final
