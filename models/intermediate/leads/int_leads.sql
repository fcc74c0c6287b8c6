-- grain: one row per staged lead, with its person, the rep of its earliest version and its own conversion date
with clock as (
    select as_of_date from {{ ref('stg_run__clock') }}
),

first_versions as (
    -- the earliest version that is held and not a deletion
    select
        lead_id,
        owner_rep_id,
        row_number() over (partition by lead_id order by version_number) as place
    from {{ ref('stg_crm__lead_versions') }}
),

leads as (
    select
        leads.lead_id,
        leads.created_at,
        leads.created_date,
        leads.channel,
        leads.campaign_id,
        leads.account_id,
        leads.opportunity_id,
        leads.converted_date,
        survivors.customer_id,
        -- leads that share an e-mail are one person
        coalesce('email ' || lower({{ trimmed('leads.email') }}), 'lead ' || leads.lead_id) as person_key,
        first_versions.owner_rep_id,
        case when leads.created_date > clock.as_of_date then 'in_the_future' end as exclusion_reason
    from {{ ref('stg_crm__leads') }} as leads
    cross join clock
    left join first_versions on leads.lead_id = first_versions.lead_id and first_versions.place = 1
    left join {{ ref('int_account_survivors') }} as survivors on leads.account_id = survivors.account_id
),

deal_orders as (
    select
        opportunity_id,
        min(ordered_date) as first_ordered_date
    from {{ ref('int_orders') }}
    where exclusion_reason is null and opportunity_id is not null
    group by opportunity_id
),

customer_sales as (
    select distinct
        customer_id,
        sale_date
    from {{ ref('int_sale_lines') }}
    where is_revenue_basis and customer_id is not null
),

account_sales as (
    select
        leads.lead_id,
        min(customer_sales.sale_date) as first_sale_date
    from leads
    inner join customer_sales on leads.customer_id = customer_sales.customer_id and leads.created_date <= customer_sales.sale_date
    where leads.opportunity_id is null
    group by leads.lead_id
),

dated as (
    select
        leads.*,
        case
            when leads.opportunity_id is not null
                then coalesce(deal_orders.first_ordered_date, case when deals.is_won and deals.exclusion_reason is null then deals.close_date end)
            when leads.account_id is not null then account_sales.first_sale_date
            else leads.converted_date
        end as stated_conversion_date
    from leads
    left join deal_orders on leads.opportunity_id = deal_orders.opportunity_id
    left join {{ ref('int_opportunities') }} as deals on leads.opportunity_id = deals.opportunity_id
    left join account_sales on leads.lead_id = account_sales.lead_id
),

final as (
    select
        dated.lead_id,
        dated.person_key,
        dated.owner_rep_id,
        dated.channel,
        dated.campaign_id,
        dated.account_id,
        dated.customer_id,
        dated.opportunity_id,
        dated.created_at,
        dated.created_date,
        case when dated.stated_conversion_date >= dated.created_date then dated.stated_conversion_date end as conversion_date,
        coalesce(dated.stated_conversion_date < dated.created_date, false) as is_converted_before_created,
        dated.exclusion_reason
    from dated
)

select * from final
