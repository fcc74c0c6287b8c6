-- grain: one row per deal
with deals as (
    select
        *,
        coalesce(owner_rep_id, 'unassigned') as rep_id,
        coalesce(close_date, (select as_of_date from {{ ref('stg_run__clock') }})) as rate_date
    from {{ ref('int_opportunities') }}
    where exclusion_reason is null
),

final as (
    select
        deals.opportunity_id,
        deals.rep_id as owner_rep_id,
        created_teams.team_id as created_team_id,
        closed_teams.team_id as closed_team_id,
        survivors.customer_id,
        deals.product_id,
        deals.campaign_id,
        deals.pipeline,
        deals.stage,
        deals.lost_reason,
        not deals.is_closed as is_open,
        deals.is_closed,
        deals.is_won,
        deals.is_lost,
        deals.created_at,
        deals.created_date,
        deals.close_date,
        deals.expected_close_date,
        -- a deal that is closed before it is created has no cycle
        case when deals.is_closed and deals.close_date >= deals.created_date then {{ days_between('deals.created_date', 'deals.close_date') }} end
            as sales_cycle_days,
        cast(deals.probability as {{ money_type() }}) as probability,
        deals.currency,
        rates.rate as exchange_rate,
        deals.amount as original_amount,
        deals.list_amount as original_list_amount,
        {{ to_reporting_currency('deals.amount', 'rates.rate') }} as amount,
        {{ to_reporting_currency('deals.list_amount', 'rates.rate') }} as list_amount,
        rates.rate is null as is_fx_missing
    from deals
    left join {{ ref('int_account_survivors') }} as survivors on deals.account_id = survivors.account_id
    left join {{ ref('int_exchange_rates') }} as rates on {{ rate_on('rates', 'deals.currency', 'deals.rate_date') }}
    left join {{ ref('dim_rep_teams') }} as created_teams
        on deals.rep_id = created_teams.rep_id and {{ held_on('created_teams', 'deals.created_date') }}
    left join {{ ref('dim_rep_teams') }} as closed_teams
        on deals.rep_id = closed_teams.rep_id and {{ held_on('closed_teams', 'deals.close_date') }}
)

select * from final
