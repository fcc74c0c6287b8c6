-- grain: one row per ticket opened by the as-of date
{{ config(partition_by=by_month('opened_date')) }}
with tickets as (
    select
        tickets.*,
        survivors.customer_id,
        coalesce(owners.rep_id, 'unassigned') as credited_rep_id
    from {{ ref('stg_crm__tickets') }} as tickets
    cross join {{ ref('stg_run__clock') }} as clock
    left join {{ ref('int_account_survivors') }} as survivors on tickets.account_id = survivors.account_id
    left join {{ ref('int_customer_owners') }} as owners
        on survivors.customer_id = owners.customer_id and {{ held_on('owners', 'tickets.opened_date') }}
    where tickets.opened_date <= clock.as_of_date
),

final as (
    select
        tickets.ticket_id,
        tickets.ticket_type,
        tickets.ticket_type = 'complaint' as is_complaint,
        tickets.severity,
        tickets.customer_id,
        tickets.order_id,
        tickets.credited_rep_id as rep_id,
        teams.team_id,
        tickets.opened_at,
        tickets.opened_date,
        tickets.resolved_at,
        tickets.resolved_date
    from tickets
    inner join {{ ref('dim_rep_teams') }} as teams
        on tickets.credited_rep_id = teams.rep_id and {{ held_on('teams', 'tickets.opened_date') }}
)

select * from final
