-- grain: one row per month, dimension_name (all, team, segment, product, platform, touchpoint) and dimension_value with an event in the month
with final as (
    select
        period_start as month,
        dimension_name,
        dimension_value,
        {{ ratio('nps') }} as nps,
        nps_responses,
        promoters,
        passives,
        detractors,
        {{ ratio('csat') }} as csat,
        csat_responses,
        csat_satisfied,
        {{ ratio('response_rate') }} as response_rate,
        complaints,
        {{ ratio('complaints_per_100_customers') }} as complaints_per_100_customers,
        {{ ratio('return_rate') }} as return_rate,
        {{ ratio('average_rating') }} as average_rating,
        review_count,
        median_reply_hours,
        is_complete_period,
        responses,
        invitations,
        customers_at_end,
        return_rate_numerator,
        return_rate_denominator,
        average_rating_numerator,
        replied_reviews,
        {{ ratio_precision(['nps', 'csat', 'response_rate', 'complaints_per_100_customers', 'average_rating']) }}
    from {{ ref('agg_satisfaction') }}
    where period_type = 'month'
)

select * from final
