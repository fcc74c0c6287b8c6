-- Spine rows = mart rows (KPIs §4, 2): a cohort has a row for every month of the calendar from its own, at its true age.
-- A hole in the ages breaks every retention curve and running margin.
with customers as (
    select
        {{ month_of('first_purchase_date') }} as cohort_month,
        'all' as cohort_all,
        coalesce(account_segment, 'unknown') as cohort_segment,
        coalesce(acquisition_channel, 'unknown') as cohort_channel,
        coalesce(first_owner_team_id, 'unassigned') as cohort_team
    from {{ ref('dim_customers') }}
    where first_purchase_date is not null
),

expected as (
    {% for dimension in ['all', 'segment', 'channel', 'team'] %}
    {% if not loop.first %}union all{% endif %}
    select distinct
        customers.cohort_month,
        '{{ dimension }}' as dimension_name,
        customers.cohort_{{ dimension }} as dimension_value,
        dates.month as period_month
    from customers
    inner join {{ ref('dim_dates') }} as dates on customers.cohort_month <= dates.month
    {% endfor %}
)

select
    coalesce(expected.cohort_month, marts.cohort_month) as cohort_month,
    coalesce(expected.dimension_name, marts.dimension_name) as dimension_name,
    coalesce(expected.dimension_value, marts.dimension_value) as dimension_value,
    coalesce(expected.period_month, marts.period_month) as period_month,
    marts.months_since_first_purchase
from expected
full outer join {{ ref('cohort_retention') }} as marts
    on
        expected.cohort_month = marts.cohort_month
        and expected.dimension_name = marts.dimension_name
        and expected.dimension_value = marts.dimension_value
        and expected.period_month = marts.period_month
where
    expected.cohort_month is null
    or marts.cohort_month is null
    or marts.period_month <> {{ add_months('marts.cohort_month', 'cast(marts.months_since_first_purchase as integer)') }}
