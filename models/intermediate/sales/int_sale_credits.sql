-- grain: one row per basis, sale and rep credited; the shares of a sale add up to 1 (KPIs §1, G10)
with sales as (
    select
        basis,
        sale_id,
        rep_id,
        opportunity_id,
        customer_id,
        sale_date
    from {{ ref('int_sale_lines') }}
    where is_first_line
),

credits as (
    select * from {{ ref('int_opportunity_credits') }}
),

final as (
    select
        sales.basis,
        sales.sale_id,
        coalesce(sales.rep_id, credits.rep_id, owners.rep_id, 'unassigned') as rep_id,
        case
            when sales.rep_id is not null then 'rep'
            when credits.rep_id is not null then 'opportunity'
            when owners.rep_id is not null and owners.rep_id <> 'unassigned' then 'account_owner'
            else 'nobody'
        end as credited_by,
        coalesce(credits.credit_share, cast(1 as {{ share_type() }})) as credit_share
    from sales
    left join credits on sales.opportunity_id = credits.opportunity_id and sales.rep_id is null
    -- a won deal without owner stays unassigned: only orders fall back to the account
    left join {{ ref('int_customer_owners') }} as owners
        on
            sales.customer_id = owners.customer_id
            and {{ held_on('owners', 'sales.sale_date') }}
            and sales.basis = 'orders'
)

select * from final
