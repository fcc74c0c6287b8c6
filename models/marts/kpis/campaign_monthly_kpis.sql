-- grain: one row per campaign and month, `unattributed` included
with rated as (
    select
        *,
        attributed_margin - spend as roi_numerator
    from {{ ref('agg_campaigns') }}
    where period_type = 'month'
),

final as (
    select
        rated.period_start as month,
        rated.campaign_id,
        campaigns.campaign_name,
        campaigns.channel,
        rated.spend,
        rated.visitors,
        rated.leads_created,
        rated.new_customers,
        rated.attributed_revenue,
        rated.attributed_margin,
        {{ safe_divide('rated.spend', 'rated.new_customers') }} as cac_paid,
        {{ safe_divide('rated.roi_numerator', 'rated.spend') }} as roi,
        {{ safe_divide('rated.attributed_revenue', 'rated.spend') }} as roas,
        cast(rated.roi_numerator as {{ money_type() }}) as roi_numerator
    from rated
    inner join {{ ref('dim_campaigns') }} as campaigns on rated.campaign_id = campaigns.campaign_id
)

select * from final
