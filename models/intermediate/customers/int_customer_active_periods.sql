-- grain: one row per reason why a customer is active: a subscription period with mrr, or a purchase that is not given back
with sale_amounts as (
    select
        sale_id,
        customer_id,
        sale_date,
        sum(original_sold_amount) as sold_amount
    from {{ ref('int_sale_lines') }}
    where is_revenue_basis and customer_id is not null
    group by sale_id, customer_id, sale_date
),

returned_so_far as (
    select
        order_id,
        returned_date,
        sum(refund_amount) over (partition by order_id order by returned_date) as returned_amount
    from {{ ref('int_return_lines') }}
    where exclusion_reason is null
),

given_back as (
    -- in the order's own currency: the rates of two days say nothing about it
    select
        sales.sale_id,
        min(returned_so_far.returned_date) as given_back_on
    from sale_amounts as sales
    inner join {{ ref('int_revenue_basis') }} as bases on bases.revenue_basis = 'orders'
    inner join returned_so_far on sales.sale_id = returned_so_far.order_id and sales.sold_amount <= returned_so_far.returned_amount
    group by sales.sale_id
),

final as (
    select
        'sale ' || sales.sale_id as reason_id,
        sales.customer_id,
        sales.sale_date as active_from,
        least(
            {{ add_days('sales.sale_date', var('customer_active_days')) }}, coalesce(given_back.given_back_on, cast('9999-12-31' as date))
        ) as active_to
    from sale_amounts as sales
    left join given_back on sales.sale_id = given_back.sale_id
    where sales.sold_amount > 0
    union all
    select
        'subscription ' || subscription_id || ' ' || cast(started_on as {{ dbt.type_string() }}) as reason_id,
        customer_id,
        started_on as active_from,
        ended_on as active_to
    from {{ ref('int_subscription_periods') }}
    where mrr > 0
)

select * from final
