-- grain: one row per sale line of which units came back within `return_window_days` of its sale
with final as (
    select
        sale_line_id,
        cast(sum(quantity) as {{ money_type() }}) as quantity
    from {{ ref('fct_returns') }}
    where returned_date >= sale_date and returned_date <= {{ add_days('sale_date', var('return_window_days')) }}
    group by sale_line_id
)

select * from final
