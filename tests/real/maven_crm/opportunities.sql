-- Values stay the text of the file: a Lost deal is worth 0, an open one has no value, a Prospecting one no engage date.
-- `GTXPro` of the pipeline is `GTX Pro` of the price list.
with deals as (
    select
        *,
        case product when 'GTXPro' then 'GTX Pro' else product end as product_id
    from pipeline_file
)

select
    deals.opportunity_id,
    deals.engage_date as created_at,
    deals.sales_agent as owner_rep_id,
    deals.account as account_id,
    deals.product_id,
    deals.deal_stage as stage,
    deals.close_value as amount,
    products.sales_price as list_amount,
    'USD' as currency,
    deals.close_date
from deals
left join read_csv(getvariable('source_dir') || '/products.csv', all_varchar = true) as products
    on deals.product_id = products.product
order by deals.opportunity_id
