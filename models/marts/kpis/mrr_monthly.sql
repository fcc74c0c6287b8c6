-- grain: one row per month of the calendar
with final as (
    select
        period_start as month,
        opening_mrr,
        {% for movement in mrr_movement_types() %}
        {{ movement }}_mrr,
        {% endfor %}
        mrr,
        customers,
        arr,
        {{ ratio('nrr') }} as nrr,
        {{ ratio('grr') }} as grr,
        is_complete_period,
        nrr_numerator,
        grr_numerator
    from {{ ref('agg_mrr') }}
    where period_type = 'month'
)

select * from final
