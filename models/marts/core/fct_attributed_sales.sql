-- grain: one row per event (sale, return), its line and the campaign with a part in it, `unattributed` included
{{ config(partition_by=by_month('event_date')) }}
with events as (
    select
        'sale' as event_type,
        'sale ' || sale_line_id as event_id,
        basis,
        sale_id,
        sale_line_id,
        customer_id,
        sale_date as event_date,
        is_first_line and is_first_sale as is_first_sale,
        sold_amount as net_revenue,
        case when has_margin then sold_amount - cost_amount end as gross_margin,
        has_line,
        has_margin
    from {{ ref('fct_sales') }}
    where is_revenue_basis
    union all
    select
        'return' as event_type,
        'return ' || return_id || ' ' || sale_line_id as event_id,
        'orders' as basis,
        sale_id,
        sale_line_id,
        customer_id,
        returned_date as event_date,
        false as is_first_sale,
        -returned_amount as net_revenue,
        case when has_margin then returned_cost_amount - returned_amount end as gross_margin,
        has_line,
        has_margin
    from {{ ref('fct_returns') }}
    where is_revenue_basis
),

weighed as (
    select
        events.*,
        attributions.campaign_id,
        attributions.attribution_weight
    from events
    inner join {{ ref('int_sale_attributions') }} as attributions on events.basis = attributions.basis and events.sale_id = attributions.sale_id
),

allocated as (
    {{ allocate(
        'weighed',
        {'attributed_revenue': 'net_revenue', 'attributed_margin': 'gross_margin'},
        'attribution_weight', ['event_type', 'event_id'], ['campaign_id']
    ) | indent }}
),

final as (
    select
        event_type,
        event_id,
        campaign_id,
        basis,
        sale_id,
        sale_line_id,
        customer_id,
        event_date,
        has_line,
        has_margin,
        attribution_weight,
        attributed_revenue,
        attributed_margin,
        -- new customers are divided like the first sale itself
        cast(case when is_first_sale then attribution_weight else 0 end as {{ credit_type() }}) as new_customers
    from allocated
)

select * from final
