-- grain: one row per period_type, period_start and product, `unknown` included, with the effects of price, volume, mix and currency
with periods as (
    select
        period_type,
        period_start,
        counted_from,
        period_end,
        previous_period_start,
        is_complete_period,
        as_of_date
    from {{ ref('dim_periods') }}
),

availability as (
    {{ availability(['net_revenue', 'returned_amount', 'units_sold', 'gross_margin', 'price_effect', 'return_rate']) | indent }}
),

events as (
    select
        coalesce(product_id, 'unknown') as product_id,
        currency,
        sale_date as event_date,
        1 as sale_rows,
        0 as return_rows,
        case when has_line then 1 else 0 end as real_lines,
        quantity as sold_quantity,
        cast(null as {{ money_type() }}) as returned_quantity,
        gross_amount,
        discount_amount,
        sold_amount,
        cast(null as {{ money_type() }}) as returned_amount,
        cost_amount,
        case when has_margin then sold_amount end as margin_revenue,
        case when has_margin then sold_amount - cost_amount end as margin_amount,
        original_sold_amount as original_net_revenue,
        quantity as net_quantity,
        sold_amount as net_revenue
    from {{ ref('fct_sales') }}
    where is_revenue_basis
    union all
    select
        coalesce(product_id, 'unknown') as product_id,
        currency,
        returned_date as event_date,
        0 as sale_rows,
        1 as return_rows,
        case when has_line then 1 else 0 end as real_lines,
        cast(null as {{ money_type() }}) as sold_quantity,
        quantity as returned_quantity,
        cast(null as {{ money_type() }}) as gross_amount,
        cast(null as {{ money_type() }}) as discount_amount,
        cast(null as {{ money_type() }}) as sold_amount,
        returned_amount,
        -returned_cost_amount as cost_amount,
        case when has_margin then -returned_amount end as margin_revenue,
        case when has_margin then returned_cost_amount - returned_amount end as margin_amount,
        -original_returned_amount as original_net_revenue,
        -quantity as net_quantity,
        -returned_amount as net_revenue
    from {{ ref('fct_returns') }}
    where is_revenue_basis
),

currency_periods as (
    select
        periods.period_type,
        periods.period_start,
        events.product_id,
        events.currency,
        sum(events.sale_rows) as sale_rows,
        sum(events.return_rows) as return_rows,
        sum(events.real_lines) as real_lines,
        sum(events.sold_quantity) as units_sold,
        sum(events.returned_quantity) as returned_units,
        sum(events.gross_amount) as gross_revenue,
        sum(events.discount_amount) as discount_amount,
        sum(events.sold_amount) as sold_amount,
        count(events.sold_amount) as priced_sale_rows,
        sum(events.returned_amount) as returned_amount,
        count(events.returned_amount) as priced_return_rows,
        sum(events.cost_amount) as cost_of_goods,
        count(events.cost_amount) as costed_lines,
        sum(events.margin_revenue) as margin_revenue,
        sum(events.margin_amount) as gross_margin,
        count(events.margin_amount) as margin_lines,
        sum(events.net_quantity) as net_quantity,
        sum(events.original_net_revenue) as original_net_revenue,
        coalesce(sum(events.net_revenue), 0) as net_revenue
    from events
    inner join periods on {{ in_period('periods', 'events.event_date') }}
    group by periods.period_type, periods.period_start, events.product_id, events.currency
),

-- two periods side by side; the earlier one may have what the later one lacks, and the other way round
changes as (
    select
        period_type,
        period_start,
        product_id,
        currency,
        max(later_quantity) as q1,
        max(later_original) as o1,
        max(later_revenue) as c1,
        max(earlier_quantity) as q0,
        max(earlier_original) as o0,
        max(earlier_revenue) as c0
    from (
        select
            period_type,
            period_start,
            product_id,
            currency,
            cast(net_quantity as double) as later_quantity,
            cast(original_net_revenue as double) as later_original,
            net_revenue as later_revenue,
            cast(null as double) as earlier_quantity,
            cast(null as double) as earlier_original,
            cast(null as {{ money_type() }}) as earlier_revenue
        from currency_periods
        union all
        select
            periods.period_type,
            periods.period_start,
            earlier.product_id,
            earlier.currency,
            cast(null as double) as later_quantity,
            cast(null as double) as later_original,
            cast(null as {{ money_type() }}) as later_revenue,
            cast(earlier.net_quantity as double) as earlier_quantity,
            cast(earlier.original_net_revenue as double) as earlier_original,
            earlier.net_revenue as earlier_revenue
        from periods
        inner join currency_periods as earlier
            on periods.period_type = earlier.period_type and periods.previous_period_start = earlier.period_start
    ) as sides
    group by period_type, period_start, product_id, currency
),

comparable as (
    select
        *,
        coalesce(q0 > 0 and q1 > 0 and o0 <> 0 and o1 <> 0 and c0 <> 0 and c1 <> 0, false) as is_in_both,
        {{ safe_divide('o0', 'q0') }} as p0,
        {{ safe_divide('o1', 'q1') }} as p1,
        {{ safe_divide('c0', 'o0') }} as r0,
        {{ safe_divide('c1', 'o1') }} as r1
    from changes
),

totalled as (
    select
        *,
        sum(case when is_in_both then q0 end) over (partition by period_type, period_start) as total_q0,
        sum(case when is_in_both then q1 end) over (partition by period_type, period_start) as total_q1
    from comparable
),

effects as (
    select
        period_type,
        period_start,
        product_id,
        sum(coalesce(c1, 0) - coalesce(c0, 0)) as revenue_change,
        sum(case when is_in_both then {{ rounded_double('(' ~ safe_divide('total_q1', 'total_q0') ~ ' - 1) * q0 * p0 * r0') }} else 0 end) as volume_effect,
        sum(case when is_in_both then {{ rounded_double('q1 * (p1 - p0) * r0') }} else 0 end) as price_effect,
        sum(case when is_in_both then {{ rounded_double('q1 * p1 * (r1 - r0)') }} else 0 end) as fx_effect
    from totalled
    group by period_type, period_start, product_id
),

-- units sold in the period and given back within the window after their sale
returned_in_time as (
    select
        periods.period_type,
        periods.period_start,
        coalesce(lines.product_id, 'unknown') as product_id,
        sum(returned.quantity) as return_rate_numerator
    from {{ ref('fct_sales') }} as lines
    inner join {{ ref('fct_return_windows') }} as returned on lines.sale_line_id = returned.sale_line_id and lines.basis = 'orders'
    inner join periods on {{ in_period('periods', 'lines.sale_date') }}
    where lines.is_revenue_basis
    group by periods.period_type, periods.period_start, coalesce(lines.product_id, 'unknown')
),

product_periods as (
    select
        period_type,
        period_start,
        product_id,
        sum(sale_rows) as sale_rows,
        sum(return_rows) as return_rows,
        sum(real_lines) as real_lines,
        sum(units_sold) as units_sold,
        sum(returned_units) as returned_units,
        sum(gross_revenue) as gross_revenue,
        sum(discount_amount) as discount_amount,
        sum(sold_amount) as sold_amount,
        sum(priced_sale_rows) as priced_sale_rows,
        sum(returned_amount) as returned_amount,
        sum(priced_return_rows) as priced_return_rows,
        sum(cost_of_goods) as cost_of_goods,
        sum(costed_lines) as costed_lines,
        sum(margin_revenue) as margin_revenue,
        sum(gross_margin) as gross_margin,
        sum(margin_lines) as margin_lines
    from currency_periods
    group by period_type, period_start, product_id
),

products as (
    select product_id from {{ ref('dim_products') }}
    union
    select product_id from events
),

final as (
    select
        periods.period_type,
        periods.period_start,
        products.product_id,
        cast(case when availability.units_sold then coalesce(sums.units_sold, 0) end as {{ money_type() }}) as units_sold,
        cast(case when availability.returned_amount then coalesce(sums.returned_units, 0) end as {{ money_type() }}) as returned_units,
        {% for measure, available, rows, known in [
            ('gross_revenue', 'net_revenue', 'sums.sale_rows', 'sums.priced_sale_rows'),
            ('discount_amount', 'net_revenue', 'sums.sale_rows', 'sums.priced_sale_rows'),
            ('sold_amount', 'net_revenue', 'sums.sale_rows', 'sums.priced_sale_rows'),
            ('returned_amount', 'returned_amount', 'sums.return_rows', 'sums.priced_return_rows'),
            ('cost_of_goods', 'gross_margin', 'sums.real_lines', 'sums.costed_lines'),
            ('gross_margin', 'gross_margin', 'sums.real_lines', 'sums.margin_lines'),
        ] %}
        cast(case when availability.{{ available }} then {{ known_sum('sums.' ~ measure, rows, known) }} end as {{ money_type() }}) as {{ measure }},
        {% endfor %}
        cast(case when availability.net_revenue then {{ known_sum(
            'coalesce(sums.sold_amount, 0) - coalesce(sums.returned_amount, 0)',
            '(sums.sale_rows + sums.return_rows)', '(sums.priced_sale_rows + sums.priced_return_rows)'
        ) }} end as {{ money_type() }}) as net_revenue,
        cast(
            case when availability.gross_margin then {{ known_sum('sums.margin_revenue', 'sums.real_lines', 'sums.margin_lines') }} end
            as {{ money_type() }}
        ) as gross_margin_rate_denominator,
        -- units that may still come back are in neither part of the rate
        {% for part, value in [('numerator', 'in_time.return_rate_numerator'), ('denominator', 'sums.units_sold')] %}
        cast(case
            when availability.return_rate and {{ add_days('periods.period_end', var('return_window_days')) }} <= periods.as_of_date
                then coalesce({{ value }}, 0)
        end as {{ money_type() }}) as return_rate_{{ part }},
        {% endfor %}
        {% set has_effects = 'availability.price_effect and periods.is_complete_period and earlier.period_start is not null' %}
        {% for effect in ['price_effect', 'volume_effect', 'fx_effect'] %}
        cast(case when {{ has_effects }} then coalesce(effects.{{ effect }}, 0) end as {{ money_type() }}) as {{ effect }},
        {% endfor %}
        cast(case
            when {{ has_effects }}
                then coalesce(effects.revenue_change - effects.price_effect - effects.volume_effect - effects.fx_effect, 0)
        end as {{ money_type() }}) as mix_effect
    from periods
    cross join products
    cross join availability
    -- a period that the calendar cuts is no earlier period to compare with
    left join periods as earlier
        on
            periods.period_type = earlier.period_type
            and periods.previous_period_start = earlier.period_start
            and periods.previous_period_start = earlier.counted_from
    left join product_periods as sums
        on periods.period_type = sums.period_type and periods.period_start = sums.period_start and products.product_id = sums.product_id
    left join effects
        on periods.period_type = effects.period_type and periods.period_start = effects.period_start and products.product_id = effects.product_id
    left join returned_in_time as in_time
        on periods.period_type = in_time.period_type and periods.period_start = in_time.period_start and products.product_id = in_time.product_id
)

select * from final
