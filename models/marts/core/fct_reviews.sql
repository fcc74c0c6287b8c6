-- grain: one row per review by the as-of date
with final as (
    select
        reviews.review_id,
        reviews.platform,
        reviews.reviewed_at,
        reviews.reviewed_date,
        survivors.customer_id,
        reviews.product_id,
        reviews.rating,
        reviews.rating_max,
        {{ safe_divide('reviews.rating', 'reviews.rating_max') }} as rating_share,
        reviews.replied_at,
        {{ hours_between('reviews.reviewed_at', 'reviews.replied_at') }} as reply_hours
    from {{ ref('stg_crm__reviews') }} as reviews
    cross join {{ ref('stg_run__clock') }} as clock
    left join {{ ref('int_account_survivors') }} as survivors on reviews.account_id = survivors.account_id
    where reviews.reviewed_date <= clock.as_of_date
)

select * from final
