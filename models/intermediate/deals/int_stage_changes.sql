-- grain: one row per deal and changed_at: the stage changes that happened by the as-of date
with final as (
    select
        changes.opportunity_id,
        changes.changed_at,
        changes.changed_date,
        changes.stage,
        {{ stage_is_in(var('won_stages')) }} as is_won_stage,
        {{ stage_is_in(var('won_stages') + var('lost_stages')) }} as is_closed_stage
    from {{ ref('stg_crm__opportunity_stage_changes') }} as changes
    cross join {{ ref('stg_run__clock') }} as clock
    where changes.changed_date <= clock.as_of_date
)

select * from final
