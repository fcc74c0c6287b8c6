-- grain: one row per staged deal as it was known on the as-of date, with the reason why it does not count
with clock as (
    select as_of_date from {{ ref('stg_run__clock') }}
),

all_changes as (
    -- changes after the as-of date too: they date a closing that is not known yet
    select
        opportunity_id,
        min(changed_at) as first_changed_at,
        min(changed_date) as first_changed_date,
        max(changed_date) as last_changed_date,
        max(case when {{ stage_is_in(var('won_stages') + var('lost_stages')) }} then changed_date end) as last_closed_date
    from {{ ref('stg_crm__opportunity_stage_changes') }}
    group by opportunity_id
),

known_changes as (
    select
        opportunity_id,
        stage,
        max(case when is_closed_stage then changed_date end) over (partition by opportunity_id) as last_closed_date,
        row_number() over (partition by opportunity_id order by changed_at desc) as place_from_last
    from {{ ref('int_stage_changes') }}
),

stated as (
    select
        deals.*,
        clock.as_of_date,
        all_changes.first_changed_at,
        all_changes.first_changed_date,
        coalesce(all_changes.last_changed_date > clock.as_of_date, false) as is_changed_later,
        coalesce(known_changes.stage, 'unknown') as known_stage,
        known_changes.last_closed_date as known_closed_date,
        {{ deal_is_closed('deals') }} as is_stated_closed,
        coalesce(coalesce(deals.close_date, all_changes.last_closed_date) > clock.as_of_date, false) as is_closing_later
    from {{ ref('stg_crm__opportunities') }} as deals
    cross join clock
    left join all_changes on deals.opportunity_id = all_changes.opportunity_id
    left join known_changes on deals.opportunity_id = known_changes.opportunity_id and known_changes.place_from_last = 1
),

undone as (
    -- a closing after the as-of date is undone, and so is whatever a later change did to an open deal
    select
        *,
        case when is_stated_closed then is_closing_later else is_changed_later end as is_undone
    from stated
),

as_of as (
    select
        opportunity_id,
        owner_rep_id,
        account_id,
        product_id,
        campaign_id,
        pipeline,
        currency,
        lost_reason,
        probability,
        amount,
        list_amount,
        as_of_date,
        known_closed_date,
        coalesce(created_at, first_changed_at) as created_at,
        coalesce(created_date, first_changed_date) as created_date,
        is_stated_closed,
        is_undone,
        case when is_undone or is_changed_later then known_stage else stage end as stage,
        case when not is_undone then is_won end as is_won,
        case when not is_undone then is_closed end as is_closed,
        case when is_stated_closed and not is_undone then close_date end as stated_close_date,
        case when not is_stated_closed then close_date end as expected_close_date
    from undone
),

closed as (
    select
        as_of.*,
        {{ deal_is_won('as_of') }} as is_won_deal,
        {{ deal_is_closed('as_of') }} as is_closed_deal
    from as_of
),

judged as (
    -- a reason and a probability that came with a closing are not known before it
    select
        *,
        is_stated_closed and (is_undone or not is_closed_deal) as is_closing_undone
    from closed
),

final as (
    select
        opportunity_id,
        owner_rep_id,
        account_id,
        product_id,
        campaign_id,
        pipeline,
        stage,
        currency,
        case when not is_closing_undone then lost_reason end as lost_reason,
        case when not is_closing_undone then probability end as probability,
        amount,
        list_amount,
        is_won_deal as is_won,
        is_closed_deal as is_closed,
        is_closed_deal and not is_won_deal as is_lost,
        created_at,
        created_date,
        case when is_closed_deal then coalesce(stated_close_date, known_closed_date) end as close_date,
        case when not is_closed_deal then expected_close_date end as expected_close_date,
        case
            when created_date > as_of_date then 'in_the_future'
            when is_closed_deal and coalesce(stated_close_date, known_closed_date) is null then 'closed_without_date'
        end as exclusion_reason
    from judged
)

select * from final
