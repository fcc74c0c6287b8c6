-- grain: one row per customer, with or without a purchase
{% set scores = [('rfm_recency', 'recency_days'), ('rfm_frequency', 'sales_count'), ('rfm_monetary', 'net_revenue')] %}
with availability as (
    {{ availability(['sales_count', 'gross_margin', 'returned_amount', 'mrr', 'nps', 'complaints']) | indent }}
),

as_of as (
    select
        max(date_day) as as_of_date,
        {{ month_of('max(date_day)') }} as as_of_month
    from {{ ref('dim_dates') }}
    where is_elapsed
),

-- the latest month of which the expected life is known
lifetimes as (
    select
        period_start as last_month,
        expected_lifetime_months,
        row_number() over (order by period_start desc) as place_from_last
    from {{ ref('agg_trailing') }}
    where period_type = 'month' and expected_lifetime_months is not null
),

-- what was given back before the first purchase is no part of the customer's value
customer_months as (
    select
        months.*,
        months.month >= {{ month_of('customers.first_purchase_date') }}
        and months.month <= {{ add_months(month_of('customers.first_purchase_date'), var('clv_horizon_months')) }} as is_to_horizon
    from {{ ref('fct_customer_months') }} as months
    inner join {{ ref('dim_customers') }} as customers on months.customer_id = customers.customer_id
),

months as (
    select
        months.customer_id,
        sum(months.sales_count) as sales_count,
        {{ known_sum('sum(coalesce(months.net_revenue, 0))', 'sum(months.revenue_lines)', 'sum(months.priced_lines)') }} as net_revenue,
        sum(months.sold_amount) as sold_amount,
        {{ known_sum('sum(months.returned_amount)', 'sum(months.return_lines)', 'sum(months.priced_return_lines)') }} as returned_amount,
        {{ known_sum(
            'sum(case when months.is_to_horizon then months.gross_margin end)',
            'sum(case when months.is_to_horizon then months.real_lines else 0 end)',
            'sum(case when months.is_to_horizon then months.costed_lines else 0 end)'
        ) }} as margin_to_horizon
    from customer_months as months
    group by months.customer_id
),

trailing_months as (
    select
        months.customer_id,
        {{ known_sum('sum(months.gross_margin)', 'sum(months.real_lines)', 'sum(months.costed_lines)') }} as gross_margin
    from {{ ref('fct_customer_months') }} as months
    inner join lifetimes
        on
            lifetimes.place_from_last = 1
            and months.month <= lifetimes.last_month
            and months.month > {{ add_months('lifetimes.last_month', -3) }}
    group by months.customer_id
),

active as (
    select distinct actives.customer_id
    from {{ ref('fct_active_customers') }} as actives
    inner join as_of on actives.evening_date = as_of.as_of_date
),

mrr as (
    select
        movements.customer_id,
        movements.mrr
    from {{ ref('mrr_movements') }} as movements
    inner join as_of on movements.month = as_of.as_of_month
),

answers as (
    select
        customer_id,
        score,
        row_number() over (partition by customer_id order by responded_at desc, response_id desc) as place_from_last
    from {{ ref('fct_survey_responses') }}
    where is_nps and customer_id is not null
),

complaints as (
    select
        customer_id,
        count(*) as complaints
    from {{ ref('fct_tickets') }}
    where is_complaint and customer_id is not null
    group by customer_id
),

measured as (
    select
        customers.customer_id,
        customers.customer_name,
        customers.account_segment,
        customers.first_purchase_date,
        customers.last_purchase_date,
        {{ days_between('customers.last_purchase_date', 'as_of.as_of_date') }} as recency_days,
        case when availability.sales_count then coalesce(months.sales_count, 0) end as sales_count,
        case when availability.sales_count then case when months.customer_id is null then 0 else months.net_revenue end end as net_revenue,
        case
            when
                availability.gross_margin
                and {{ month_end(add_months('customers.first_purchase_date', var('clv_horizon_months'))) }} <= as_of.as_of_date
                then months.margin_to_horizon
        end as clv_observed,
        case
            when availability.gross_margin and active.customer_id is not null
                then {{ safe_divide('case when trailing_months.customer_id is null then 0 else trailing_months.gross_margin end', '3') }}
                    * lifetimes.expected_lifetime_months
        end as clv_projected,
        case when availability.mrr then case when mrr.customer_id is null then 0 else mrr.mrr end end as mrr,
        case when availability.nps then answers.score end as latest_nps_score,
        case when availability.complaints then coalesce(complaints.complaints, 0) end as complaints,
        case when availability.returned_amount then case when months.customer_id is null then 0 else months.returned_amount end end as returned_amount,
        case when availability.returned_amount then {{ safe_divide('months.returned_amount', 'months.sold_amount') }} end as returned_share
    from {{ ref('dim_customers') }} as customers
    cross join availability
    cross join as_of
    left join lifetimes on lifetimes.place_from_last = 1
    left join months on customers.customer_id = months.customer_id
    left join trailing_months on customers.customer_id = trailing_months.customer_id
    left join active on customers.customer_id = active.customer_id
    left join mrr on customers.customer_id = mrr.customer_id
    left join answers on customers.customer_id = answers.customer_id and answers.place_from_last = 1
    left join complaints on customers.customer_id = complaints.customer_id
),

-- customers who never bought are ranked nowhere, nor is an amount that is not known
placed as (
    select
        measured.*,
        measured.first_purchase_date is not null as is_buyer,
        {% for score, measure in scores %}
        case when {{ measure }} is not null then ceil(5 * cume_dist() over by_{{ measure }}) end as {{ score }}{% if not loop.last %},{% endif %}
        {% endfor %}
    from measured
    window
        by_recency_days as (partition by first_purchase_date is not null and recency_days is not null order by recency_days desc),
        by_sales_count as (partition by first_purchase_date is not null and sales_count is not null order by sales_count asc),
        by_net_revenue as (partition by first_purchase_date is not null and net_revenue is not null order by net_revenue asc)
),

measures as (
    {% for measure in ['latest_nps_score', 'complaints', 'returned_share', 'recency_days'] %}
    {% if not loop.first %}union all{% endif %}
    select
        customer_id,
        '{{ measure }}' as measure,
        cast({{ measure }} as double) as measured_value
    from placed
    {% endfor %}
),

reasons as (
    select
        measures.customer_id,
        rules.attention_reason,
        row_number() over (partition by measures.customer_id order by rules.priority) as place
    from measures
    inner join {{ ref('attention_rules') }} as rules on measures.measure = rules.measure
    where
        (rules.comparison = 'at_least' and measures.measured_value >= rules.threshold)
        or (rules.comparison = 'at_most' and measures.measured_value <= rules.threshold)
),

final as (
    select
        placed.customer_id,
        placed.customer_name,
        placed.account_segment,
        placed.first_purchase_date,
        placed.last_purchase_date,
        placed.recency_days,
        cast(placed.sales_count as bigint) as sales_count,
        cast(placed.net_revenue as {{ money_type() }}) as net_revenue,
        {% for score, measure in scores %}
        cast(case when placed.is_buyer then placed.{{ score }} end as bigint) as {{ score }},
        {% endfor %}
        cast(placed.clv_observed as {{ money_type() }}) as clv_observed,
        placed.clv_projected,
        cast(placed.mrr as {{ money_type() }}) as mrr,
        placed.latest_nps_score,
        cast(placed.complaints as bigint) as complaints,
        cast(placed.returned_amount as {{ money_type() }}) as returned_amount,
        case when placed.is_buyer then segments.rfm_segment else 'prospect' end as rfm_segment,
        reasons.customer_id is not null as needs_attention,
        reasons.attention_reason,
        placed.returned_share
    from placed
    left join {{ ref('rfm_segments') }} as segments
        on placed.is_buyer and placed.rfm_recency = segments.rfm_recency and placed.rfm_frequency = segments.rfm_frequency
    left join reasons on placed.customer_id = reasons.customer_id and reasons.place = 1
)

select * from final
