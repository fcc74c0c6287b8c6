-- grain: one row per deal and stage change
with changes as (
    select
        changes.opportunity_id,
        changes.changed_at,
        changes.changed_date,
        changes.stage,
        lead(changes.changed_at) over (partition by changes.opportunity_id order by changes.changed_at) as left_at,
        lead(changes.changed_date) over (partition by changes.opportunity_id order by changes.changed_at) as left_date,
        row_number() over (partition by changes.opportunity_id, changes.changed_date order by changes.changed_at desc) = 1 as is_last_of_day
    from {{ ref('int_stage_changes') }} as changes
    inner join {{ ref('fct_opportunities') }} as deals on changes.opportunity_id = deals.opportunity_id
),

final as (
    select
        opportunity_id,
        changed_at,
        changed_date,
        stage,
        left_at,
        left_date,
        {{ days_between('changed_date', 'left_date') }} as days_in_stage,
        is_last_of_day
    from changes
)

select * from final
