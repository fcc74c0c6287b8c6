-- grain: one row per customer and evening (before each period, of each month's last day, of the as-of date) on which the customer is active
{{ config(partition_by=by_month('evening_date')) }}
with evenings as (
    -- of a quarter or year that the calendar cuts, too
    select evening_before as evening_date from {{ ref('dim_periods') }}
    union
    select max(date_day) as evening_date from {{ ref('dim_dates') }}
    where is_complete_month
    group by month
    union
    select as_of_date as evening_date from {{ ref('int_calendar') }}
),

active as (
    select distinct
        periods.customer_id,
        evenings.evening_date
    from {{ ref('int_customer_active_periods') }} as periods
    inner join evenings on periods.active_from <= evenings.evening_date and periods.active_to > evenings.evening_date
),

final as (
    select
        active.customer_id,
        active.evening_date,
        owners.rep_id as owner_rep_id,
        teams.team_id as owner_team_id
    from active
    inner join {{ ref('int_customer_owners') }} as owners on active.customer_id = owners.customer_id and {{ held_on('owners', 'active.evening_date') }}
    inner join {{ ref('dim_rep_teams') }} as teams on owners.rep_id = teams.rep_id and {{ held_on('teams', 'active.evening_date') }}
)

select * from final
