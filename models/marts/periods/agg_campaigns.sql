-- grain: one row per period_type, period_start and campaign, `unattributed` included
{% set sources = {
    'attributed': ['attributed_revenue', 'attributed_margin', 'new_customers', 'revenue_rows', 'priced_rows', 'real_lines', 'margin_lines'],
    'spent': ['spend_amount', 'spend_rows', 'priced_spend_rows'],
    'visited': ['visitors'],
    'created': ['leads_created'],
} %}

with periods as (
    select
        period_type,
        period_start,
        counted_from,
        period_end
    from {{ ref('dim_periods') }}
),

availability as (
    {{ availability(['campaign_spend', 'visitors', 'leads_created', 'new_customers', 'attributed_revenue', 'attributed_margin']) | indent }}
),

attributed as (
    select
        periods.period_type,
        periods.period_start,
        events.campaign_id,
        sum(events.attributed_revenue) as attributed_revenue,
        sum(events.attributed_margin) as attributed_margin,
        sum(events.new_customers) as new_customers,
        count(*) as revenue_rows,
        count(events.attributed_revenue) as priced_rows,
        sum(case when events.has_line then 1 else 0 end) as real_lines,
        sum(case when events.has_margin then 1 else 0 end) as margin_lines
    from {{ ref('fct_attributed_sales') }} as events
    inner join periods on {{ in_period('periods', 'events.event_date') }}
    group by periods.period_type, periods.period_start, events.campaign_id
),

spent as (
    select
        periods.period_type,
        periods.period_start,
        events.campaign_id,
        sum(events.amount) as spend_amount,
        count(*) as spend_rows,
        count(events.amount) as priced_spend_rows
    from {{ ref('fct_campaign_spend') }} as events
    inner join periods on {{ in_period('periods', 'events.spend_date') }}
    group by periods.period_type, periods.period_start, events.campaign_id
),

visited as (
    select
        periods.period_type,
        periods.period_start,
        coalesce(events.campaign_id, 'unattributed') as campaign_id,
        sum(events.visitors) as visitors
    from {{ ref('fct_web_visits') }} as events
    inner join periods on {{ in_period('periods', 'events.visit_date') }}
    group by periods.period_type, periods.period_start, coalesce(events.campaign_id, 'unattributed')
),

created as (
    select
        periods.period_type,
        periods.period_start,
        coalesce(events.campaign_id, 'unattributed') as campaign_id,
        count(*) as leads_created
    from {{ ref('fct_leads') }} as events
    inner join periods on {{ in_period('periods', 'events.created_date') }}
    where events.is_first_of_person
    group by periods.period_type, periods.period_start, coalesce(events.campaign_id, 'unattributed')
),

parts as (
    {{ aligned_union(sources, ['period_type', 'period_start', 'campaign_id']) | indent }}
),

summed as (
    select
        period_type,
        period_start,
        campaign_id,
        {% for measure in sources.values() | sum(start=[]) %}
        sum({{ measure }}) as {{ measure }}{% if not loop.last %},{% endif %}
        {% endfor %}
    from parts
    group by period_type, period_start, campaign_id
),

final as (
    select
        periods.period_type,
        periods.period_start,
        campaigns.campaign_id,
        cast(
            case when availability.campaign_spend then {{ known_sum('summed.spend_amount', 'summed.spend_rows', 'summed.priced_spend_rows') }} end
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
        end as {{ money_type() }}) as attributed_margin,
        -- how many of the rows behind the amounts are known, for sums over campaigns
        {% for rows in ['spend_rows', 'priced_spend_rows', 'revenue_rows', 'priced_rows', 'real_lines', 'margin_lines'] %}
        cast(coalesce(summed.{{ rows }}, 0) as bigint) as {{ rows }}{% if not loop.last %},{% endif %}
        {% endfor %}
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
