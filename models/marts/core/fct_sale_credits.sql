-- grain: one row per basis, sale line and rep credited
{{ config(partition_by=by_month('sale_date')) }}
with credited as (
    select
        lines.*,
        credits.rep_id as credited_rep_id,
        credits.credited_by,
        credits.credit_share
    from {{ ref('int_sale_lines') }} as lines
    inner join {{ ref('int_sale_credits') }} as credits on lines.basis = credits.basis and lines.sale_id = credits.sale_id
),

allocated as (
    {{ allocate(
        'credited',
        {
            'credited_quantity': 'quantity',
            'credited_sold_amount': 'sold_amount',
            'credited_gross_amount': 'gross_amount',
            'credited_cost_amount': 'cost_amount',
        },
        'credit_share', ['basis', 'sale_line_id'], ['credited_rep_id']
    ) | indent }}
),

final as (
    select
        allocated.sale_line_id,
        allocated.credited_rep_id as rep_id,
        teams.team_id,
        teams.is_assumed as is_team_assumed,
        allocated.credited_by,
        allocated.basis,
        allocated.is_revenue_basis,
        allocated.sale_id,
        allocated.customer_id,
        allocated.product_id,
        allocated.sale_date,
        allocated.has_line,
        allocated.credit_share,
        -- counts of sales stand on the first line of a sale, so that lines do not multiply them
        cast(case when allocated.is_first_line then allocated.credit_share else 0 end as {{ credit_type() }}) as sale_share,
        cast(case when allocated.is_first_line and allocated.sale_sold_amount > 0 then allocated.credit_share else 0 end as {{ credit_type() }})
            as basket_share,
        allocated.sale_sold_amount > 0 as is_basket,
        cast(case when allocated.is_first_line and allocated.is_first_sale then allocated.credit_share else 0 end as {{ credit_type() }})
            as first_sale_share,
        allocated.credited_quantity as quantity,
        allocated.credited_gross_amount as gross_amount,
        -- not divided itself: gross − discount = sold holds for every rep
        cast(allocated.credited_gross_amount - allocated.credited_sold_amount as {{ money_type() }}) as discount_amount,
        allocated.credited_sold_amount as sold_amount,
        allocated.credited_cost_amount as cost_amount
    from allocated
    inner join {{ ref('dim_rep_teams') }} as teams
        on allocated.credited_rep_id = teams.rep_id and {{ held_on('teams', 'allocated.sale_date') }}
)

select * from final
