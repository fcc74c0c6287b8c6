-- grain: one row per grain, entity and period: its net revenue against that of earlier periods
{% set comparisons = {'previous': 'previous_period_start', 'year_earlier': 'year_earlier_period_start'} %}
{% set grains = entity_grains('parts.rep_id', 'parts.team_id') %}

with entities as (
    select
        entities.grain,
        entities.entity_id,
        entities.region_key,
        entities.period_type,
        entities.period_start,
        entities.is_complete_period,
        entities.is_whole_period,
        entities.previous_period_start,
        entities.year_earlier_period_start,
        activity.net_revenue
    from {{ ref('dim_entity_periods') }} as entities
    inner join {{ ref('agg_activity') }} as activity
        on {{ same_entity_period('entities', 'activity') }}
),

-- the days of a period by the number of their working day in it
numbered_days as (
    select
        days.region_key,
        periods.period_type,
        periods.period_start,
        days.date_day,
        days.is_working_day,
        sum(case when days.is_working_day then 1 else 0 end) over (
            partition by days.region_key, periods.period_type, periods.period_start
            order by days.date_day rows between unbounded preceding and current row
        ) as working_day_of_period
    from {{ ref('dim_region_dates') }} as days
    inner join {{ ref('dim_periods') }} as periods on {{ in_period('periods', 'days.date_day') }}
    where periods.counted_from = periods.period_start
),

-- an open period compares with the earlier one up to and including its working day of the same number
open_periods as (
    select
        periods.period_type,
        periods.period_start,
        periods.previous_period_start,
        periods.year_earlier_period_start,
        working.region_key,
        working.elapsed_working_days
    from {{ ref('dim_periods') }} as periods
    inner join {{ ref('dim_region_periods') }} as working
        on periods.period_type = working.period_type and periods.period_start = working.period_start
    where not periods.is_complete_period
),

compared_days as (
    {% for comparison, earlier in comparisons.items() %}
    {% if not loop.first %}union all{% endif %}
    select
        '{{ comparison }}' as comparison,
        open_periods.region_key,
        open_periods.period_type,
        open_periods.period_start,
        days.date_day
    from open_periods
    inner join numbered_days as days
        on
            open_periods.region_key = days.region_key
            and open_periods.period_type = days.period_type
            and open_periods.{{ earlier }} = days.period_start
            and open_periods.elapsed_working_days > days.working_day_of_period - case when days.is_working_day then 1 else 0 end
    {% endfor %}
),

earlier_to_date as (
    {% for grain, entity in grains.items() %}
    {% if not loop.first %}union all{% endif %}
    select
        entities.grain,
        entities.entity_id,
        entities.period_type,
        entities.period_start,
        days.comparison,
        sum(parts.sold_amount - parts.returned_amount) as net_revenue
    from entities
    inner join compared_days as days
        on
            entities.region_key = days.region_key
            and entities.period_type = days.period_type
            and entities.period_start = days.period_start
    inner join {{ ref('fct_rep_team_days') }} as parts on days.date_day = parts.date_day and entities.entity_id = {{ entity }}
    where entities.grain = '{{ grain }}'
    group by entities.grain, entities.entity_id, entities.period_type, entities.period_start, days.comparison
    {% endfor %}
),

-- a centred mean of twelve months: thirteen, the two outer ones by half
seasons as (
    select
        grain,
        entity_id,
        period_type,
        period_start,
        case
            when count(*) over (partition by grain, entity_id) >= 24 and count(*) over around = 13
                then {{ safe_divide(
                    'net_revenue * 12',
                    'sum(net_revenue) over around - 0.5 * (first_value(net_revenue) over around + last_value(net_revenue) over around)'
                ) }}
        end as seasonality_index
    from entities
    where is_complete_period and period_type = 'month'
    window around as (partition by grain, entity_id order by period_start rows between 6 preceding and 6 following)
),

final as (
    select
        entities.grain,
        entities.entity_id,
        entities.period_type,
        entities.period_start,
        {% for comparison, earlier in comparisons.items() %}
        {% set growth = 'net_revenue_growth' if comparison == 'previous' else 'net_revenue_growth_yoy' %}
        cast(case when entities.is_complete_period then {{ growth_rate('entities.net_revenue', comparison ~ '.net_revenue') }} end as double)
            as {{ growth }},
        cast(case
            when not entities.is_complete_period
                then {{ growth_rate('entities.net_revenue', comparison ~ '_to_date.net_revenue') }}
        end as double) as {{ growth }}_to_date,
        {% endfor %}
        cast(seasons.seasonality_index as double) as seasonality_index,
        seasons.seasonality_index >= 1.2 as is_peak
    from entities
    {% for comparison, earlier in comparisons.items() %}
    -- a period that the calendar cuts is no earlier period to compare with
    left join entities as {{ comparison }}
        on
            entities.grain = {{ comparison }}.grain
            and entities.entity_id = {{ comparison }}.entity_id
            and entities.period_type = {{ comparison }}.period_type
            and entities.{{ earlier }} = {{ comparison }}.period_start
            and {{ comparison }}.is_whole_period
    left join earlier_to_date as {{ comparison }}_to_date
        on {{ same_entity_period('entities', comparison ~ '_to_date') }} and {{ comparison }}_to_date.comparison = '{{ comparison }}'
    {% endfor %}
    left join seasons
        on {{ same_entity_period('entities', 'seasons') }}
)

select * from final
