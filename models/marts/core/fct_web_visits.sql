-- grain: one row per visit_date, channel and campaign_id (NULL: none) by the as-of date
{{ config(partition_by=by_month('visit_date')) }}
with final as (
    select
        visits.visit_date,
        visits.channel,
        visits.campaign_id,
        visits.visitors
    from {{ ref('stg_crm__web_visits') }} as visits
    cross join {{ ref('stg_run__clock') }} as clock
    where visits.visit_date <= clock.as_of_date
)

select * from final
