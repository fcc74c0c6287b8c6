-- grain: one row per period_type and period_start: recurring revenue at the period's end and its movements in the period
with availability as (
    {{ availability(['mrr']) | indent }}
),

months as (
    select
        month,
        sum(opening_mrr) as opening_mrr,
        {% for movement in mrr_movement_types() %}
        sum({{ movement }}_mrr) as {{ movement }}_mrr,
        {% endfor %}
        sum(mrr) as mrr,
        sum(case when is_live then 1 else 0 end) as customers,
        count(*) as mrr_rows,
        count(mrr) as known_rows
    from {{ ref('mrr_movements') }}
    group by month
),

calendar as (
    select min(month) as first_month from {{ ref('dim_dates') }}
),

-- retention of revenue speaks of the customers with whom the period began, whoever joined in it
opening_customers as (
    select
        periods.period_type,
        periods.period_start,
        movements.customer_id
    from {{ ref('dim_periods') }} as periods
    cross join calendar
    inner join {{ ref('mrr_movements') }} as movements
        on movements.month = greatest(periods.period_start, calendar.first_month) and movements.was_live
),

kept as (
    select
        periods.period_type,
        periods.period_start,
        sum(movements.expansion_mrr) as expansion_mrr,
        sum(movements.contraction_mrr) as contraction_mrr,
        sum(movements.churned_mrr) as churned_mrr
    from {{ ref('dim_periods') }} as periods
    inner join opening_customers
        on periods.period_type = opening_customers.period_type and periods.period_start = opening_customers.period_start
    inner join {{ ref('mrr_movements') }} as movements
        on opening_customers.customer_id = movements.customer_id and {{ in_period('periods', 'movements.month') }}
    group by periods.period_type, periods.period_start
),

-- movements add up over the months of a period; the states are those of its first and last month
period_months as (
    select
        periods.period_type,
        periods.period_start,
        periods.is_complete_period,
        months.*,
        -- a period that begins before the calendar opens with it
        months.month = greatest(periods.period_start, calendar.first_month) as is_first_month,
        months.month = {{ month_of('periods.measured_on') }} as is_last_month
    from {{ ref('dim_periods') }} as periods
    cross join calendar
    left join months on {{ in_period('periods', 'months.month') }}
),

summed as (
    select
        period_type,
        period_start,
        is_complete_period,
        {% for movement in mrr_movement_types() %}
        {{ known_sum('sum(' ~ movement ~ '_mrr)', 'sum(mrr_rows)', 'sum(known_rows)') }} as {{ movement }}_mrr,
        {% endfor %}
        {% for state, place in [('opening_mrr', 'first'), ('mrr', 'last')] %}
        {{ known_sum(
            'sum(case when is_' ~ place ~ '_month then ' ~ state ~ ' end)',
            'sum(case when is_' ~ place ~ '_month then mrr_rows end)', 'sum(case when is_' ~ place ~ '_month then known_rows end)'
        ) }} as {{ state }},
        {% endfor %}
        coalesce(sum(case when is_last_month then customers end), 0) as customers
    from period_months
    group by period_type, period_start, is_complete_period
),

final as (
    select
        summed.period_type,
        summed.period_start,
        summed.is_complete_period,
        cast(case when availability.mrr then summed.opening_mrr end as {{ money_type() }}) as opening_mrr,
        {% for movement in mrr_movement_types() %}
        cast(case when availability.mrr then summed.{{ movement }}_mrr end as {{ money_type() }}) as {{ movement }}_mrr,
        {% endfor %}
        cast(case when availability.mrr then summed.mrr end as {{ money_type() }}) as mrr,
        cast(case when availability.mrr then summed.customers end as bigint) as customers,
        cast(case when availability.mrr then 12 * summed.mrr end as {{ money_type() }}) as arr,
        cast(case
            when availability.mrr
                then summed.opening_mrr + coalesce(kept.expansion_mrr + kept.contraction_mrr + kept.churned_mrr, 0)
        end as {{ money_type() }}) as nrr_numerator,
        cast(case when availability.mrr then summed.opening_mrr + coalesce(kept.contraction_mrr + kept.churned_mrr, 0) end as {{ money_type() }})
            as grr_numerator
    from summed
    cross join availability
    left join kept on summed.period_type = kept.period_type and summed.period_start = kept.period_start
)

select * from final
