-- grain: one row per basis and sale line: lines of completed orders, completed orders without a line, won deals
with order_lines as (
    select
        'orders' as basis,
        orders.order_id as sale_id,
        coalesce(lines.order_line_id, 'order ' || orders.order_id) as sale_line_id,
        lines.order_line_id is not null as has_line,
        orders.account_id,
        orders.customer_id,
        orders.rep_id,
        lines.product_id,
        orders.opportunity_id,
        orders.campaign_id,
        orders.ordered_at as sold_at,
        orders.ordered_date as sale_date,
        orders.currency,
        orders.exchange_rate,
        lines.cost_currency,
        lines.quantity,
        coalesce(lines.sold_amount, cast(0 as {{ money_type() }})) as original_sold_amount,
        coalesce(lines.gross_amount, cast(0 as {{ money_type() }})) as original_gross_amount,
        lines.cost_amount as original_cost_amount
    from {{ ref('int_orders') }} as orders
    left join {{ ref('int_order_lines') }} as lines on orders.order_id = lines.order_id
    where orders.exclusion_reason is null
),

won_deals as (
    select
        'won_opportunities' as basis,
        deals.opportunity_id as sale_id,
        deals.opportunity_id as sale_line_id,
        true as has_line,
        deals.account_id,
        survivors.customer_id,
        cast(null as {{ dbt.type_string() }}) as rep_id,
        deals.product_id,
        deals.opportunity_id,
        deals.campaign_id,
        cast(null as timestamp) as sold_at,
        deals.close_date as sale_date,
        deals.currency,
        rates.rate as exchange_rate,
        cast(null as {{ dbt.type_string() }}) as cost_currency,
        cast(null as {{ money_type() }}) as quantity,
        deals.amount as original_sold_amount,
        -- what a deal was listed at says nothing while its own amount is not known
        case when deals.amount is not null then coalesce(deals.list_amount, deals.amount) end as original_gross_amount,
        cast(null as {{ money_type() }}) as original_cost_amount
    from {{ ref('int_opportunities') }} as deals
    left join {{ ref('int_account_survivors') }} as survivors on deals.account_id = survivors.account_id
    left join {{ ref('int_exchange_rates') }} as rates on {{ rate_on('rates', 'deals.currency', 'deals.close_date') }}
    where deals.is_won and deals.exclusion_reason is null
),

sales as (
    select * from order_lines
    union all
    select * from won_deals
),

converted as (
    select
        sales.*,
        -- an order without a line is a sale of 0 in every currency
        case
            when sales.has_line then {{ to_reporting_currency('sales.original_sold_amount', 'sales.exchange_rate') }}
            else cast(0 as {{ money_type() }})
        end as sold_amount,
        case
            when sales.has_line then {{ to_reporting_currency('sales.original_gross_amount', 'sales.exchange_rate') }}
            else cast(0 as {{ money_type() }})
        end as gross_amount,
        {{ to_reporting_currency('sales.original_cost_amount', 'cost_rates.rate') }} as cost_amount
    from sales
    left join {{ ref('int_exchange_rates') }} as cost_rates on {{ rate_on('cost_rates', 'sales.cost_currency', 'sales.sale_date') }}
),

first_sales as (
    select
        converted.basis,
        converted.customer_id,
        converted.sale_id,
        row_number() over (
            partition by converted.basis, converted.customer_id order by converted.sale_date, converted.sold_at nulls first, converted.sale_id
        ) as place
    from converted
    where converted.customer_id is not null
),

final as (
    select
        converted.basis,
        converted.basis = bases.revenue_basis as is_revenue_basis,
        converted.sale_id,
        converted.sale_line_id,
        converted.has_line,
        converted.account_id,
        converted.customer_id,
        converted.rep_id,
        converted.product_id,
        converted.opportunity_id,
        converted.campaign_id,
        converted.sold_at,
        converted.sale_date,
        converted.currency,
        converted.exchange_rate,
        converted.quantity,
        converted.original_sold_amount,
        converted.original_gross_amount,
        converted.original_gross_amount - converted.original_sold_amount as original_discount_amount,
        converted.sold_amount,
        converted.gross_amount,
        converted.gross_amount - converted.sold_amount as discount_amount,
        converted.cost_amount,
        sum(converted.sold_amount) over (partition by converted.basis, converted.sale_id) as sale_sold_amount,
        row_number() over (partition by converted.basis, converted.sale_id order by converted.sale_line_id) = 1 as is_first_line,
        coalesce(first_sales.sale_id = converted.sale_id, false) as is_first_sale
    from converted
    cross join {{ ref('int_revenue_basis') }} as bases
    left join first_sales
        on converted.basis = first_sales.basis and converted.customer_id = first_sales.customer_id and first_sales.place = 1
)

select * from final
