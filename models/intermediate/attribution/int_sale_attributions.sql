-- grain: one row per basis, sale and campaign with a part in it, or `unattributed`; the weights of a sale add up to 1 (var attribution_model)
with sales as (
    select
        basis,
        sale_id,
        customer_id,
        opportunity_id,
        sale_date
    from {{ ref('int_sale_lines') }}
    where is_revenue_basis and is_first_line
),

-- a touch of the customer, or, where the customer is not known, of the sale itself
reached as (
    select
        sales.basis,
        sales.sale_id,
        sales.sale_date,
        touches.*
    from sales
    inner join {{ ref('int_touches') }} as touches on sales.customer_id = touches.customer_id
    union all
    select
        sales.basis,
        sales.sale_id,
        sales.sale_date,
        touches.*
    from sales
    inner join {{ ref('int_touches') }} as touches on sales.opportunity_id = touches.opportunity_id
    where touches.customer_id is null or sales.customer_id is null or touches.customer_id <> sales.customer_id
    union all
    select
        sales.basis,
        sales.sale_id,
        sales.sale_date,
        touches.*
    from sales
    inner join {{ ref('int_touches') }} as touches on sales.sale_id = touches.order_id and sales.basis = 'orders'
    where sales.customer_id is null
),

timely as (
    select
        basis,
        sale_id,
        campaign_id,
        row_number() over (partition by basis, sale_id order by touched_date asc, touched_at asc, touch_id asc) as place_from_first,
        row_number() over (partition by basis, sale_id order by touched_date desc, touched_at desc, touch_id desc) as place_from_last
    from reached
    where touched_date <= sale_date and touched_date >= {{ add_days('sale_date', -var('attribution_window_days')) }}
),

weighed as (
    select
        basis,
        sale_id,
        campaign_id,
        count(*) as touch_count,
        cast(1 as {{ share_type() }}) as whole
    from timely
    {% if var('attribution_model') != 'linear' %}
    where place_from_{{ 'first' if var('attribution_model') == 'first_touch' else 'last' }} = 1
    {% endif %}
    group by basis, sale_id, campaign_id
),

allocated as (
    {{ allocate('weighed', {'attribution_weight': 'whole'}, 'touch_count', ['basis', 'sale_id'], ['campaign_id'], scale=8) | indent }}
),

final as (
    select
        sales.basis,
        sales.sale_id,
        coalesce(allocated.campaign_id, 'unattributed') as campaign_id,
        cast(coalesce(allocated.attribution_weight, 1) as {{ share_type() }}) as attribution_weight,
        cast(coalesce(allocated.touch_count, 0) as bigint) as touch_count
    from sales
    left join allocated on sales.basis = allocated.basis and sales.sale_id = allocated.sale_id
)

select * from final
