-- Which campaigns brought more margin than they cost over the last twelve complete months? Parts are added up, then divided.
with months as (
    select
        period_start as month,
        row_number() over (order by period_start desc) as months_ago
    from {{ ref('dim_periods') }}
    where period_type = 'month' and is_complete_period
)

select
    campaigns.campaign_id,
    campaigns.campaign_name,
    campaigns.channel,
    sum(campaigns.spend) as spend,
    sum(campaigns.new_customers) as new_customers,
    sum(campaigns.attributed_margin) as attributed_margin,
    {{ safe_divide('sum(campaigns.attributed_margin) - sum(campaigns.spend)', 'sum(campaigns.spend)') }} as roi
from {{ ref('campaign_monthly_kpis') }} as campaigns
inner join months on campaigns.month = months.month and months.months_ago <= 12
where campaigns.campaign_id <> 'unattributed'
group by campaigns.campaign_id, campaigns.campaign_name, campaigns.channel
having sum(campaigns.spend) > 0
order by roi desc nulls last, campaigns.campaign_id asc
