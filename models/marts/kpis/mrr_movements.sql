-- grain: one row per customer and month in which it has or had recurring revenue
with subscriptions as (
    select
        customer_id,
        month,
        -- an opening that a new rate gives a value is known by its currency effect
        sum(case when mrr is not null or opening_mrr is not null or fx_mrr <> 0 then 1 else 0 end) as known_rows,
        sum(coalesce(opening_mrr, 0)) as opening_mrr,
        sum(coalesce(mrr, 0)) as mrr,
        sum(fx_mrr) as fx_mrr,
        max(case when was_live then 1 else 0 end) = 1 as was_live,
        max(case when is_live then 1 else 0 end) = 1 as is_live
    from {{ ref('fct_subscription_months') }}
    group by customer_id, month
),

-- what is left after the currency is business
moved as (
    select
        *,
        mrr - opening_mrr - fx_mrr as moved_mrr,
        min(case when is_live then month end) over (partition by customer_id) as first_live_month
    from subscriptions
),

classified as (
    select
        *,
        case
            when is_live and not was_live and first_live_month = month then 'new'
            when is_live and not was_live then 'reactivation'
            when was_live and not is_live then 'churned'
            when moved_mrr > 0 then 'expansion'
            when moved_mrr < 0 then 'contraction'
        end as movement
    from moved
),

calendar as (
    select min(month) as first_month from {{ ref('dim_dates') }}
),

final as (
    select
        classified.month,
        classified.customer_id,
        cast(case when known_rows > 0 then opening_mrr end as {{ money_type() }}) as opening_mrr,
        {% for movement in ['new', 'expansion', 'contraction', 'churned', 'reactivation'] %}
        cast(case when known_rows > 0 then case when movement = '{{ movement }}' then moved_mrr else 0 end end as {{ money_type() }})
            as {{ movement }}_mrr,
        {% endfor %}
        cast(case when known_rows > 0 then fx_mrr end as {{ money_type() }}) as fx_mrr,
        cast(case when known_rows > 0 then mrr end as {{ money_type() }}) as mrr,
        classified.was_live,
        classified.is_live
    from classified
    inner join calendar on classified.month >= calendar.first_month
    where classified.was_live or classified.is_live or classified.mrr <> 0 or classified.opening_mrr <> 0
)

select * from final
