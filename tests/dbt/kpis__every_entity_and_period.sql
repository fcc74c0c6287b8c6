-- Spine rows = mart rows (KPIs §4, 2), of the marts that have a row for each entity and period whatever happened in it, and that no other test looks at.
-- A missing row makes a chart skip a month that was 0, and growth compare the wrong ones; a row too many counts twice.
{% set spines = {
    'company_monthly_kpis': none, 'company_quarterly_kpis': none, 'mrr_monthly': none, 'campaign_monthly_kpis': ('dim_campaigns', 'campaign_id'),
    'channel_monthly_kpis': ('dim_channels', 'channel'), 'segment_monthly_kpis': ('dim_segments', 'segment'),
    'product_monthly_kpis': ('dim_products', 'product_id'),
} %}

with nameless_sales as (
    select count(*) as sale_lines from {{ ref('fct_sales') }}
    where is_revenue_basis and product_id is null
),

steps as (
    select distinct step from {{ ref('rep_scorecards') }}
),

expected as (
    {% for mart, dimension in spines.items() %}
    select
        '{{ mart }}' as mart,
        periods.period_start,
        {{ 'entities.' ~ dimension[1] if dimension else "'company'" }} as entity_id
    from {{ ref('dim_periods') }} as periods
    {% if dimension %}
    cross join {{ ref(dimension[0]) }} as entities
    {% endif %}
    where periods.period_type = '{{ 'quarter' if 'quarterly' in mart else 'month' }}'
    union all
    {% endfor %}
    -- what was sold without a known product
    select
        'product_monthly_kpis' as mart,
        periods.period_start,
        'unknown' as entity_id
    from {{ ref('dim_periods') }} as periods
    inner join nameless_sales on nameless_sales.sale_lines > 0
    where periods.period_type = 'month'
    union all
    select
        'satisfaction_monthly_kpis' as mart,
        periods.period_start,
        'all' as entity_id
    from {{ ref('dim_periods') }} as periods
    where periods.period_type = 'month'
    union all
    -- the months in which a rep was employed, six steps each
    select
        'rep_scorecards' as mart,
        {{ month_of('days.date_day') }} as period_start,
        days.rep_id || ' ' || steps.step as entity_id
    from {{ ref('rep_daily_kpis') }} as days
    cross join steps
    where days.is_employed and days.rep_id <> 'unassigned'
    group by {{ month_of('days.date_day') }}, days.rep_id || ' ' || steps.step
),

published as (
    {% for mart, dimension in spines.items() %}
    select
        '{{ mart }}' as mart,
        {{ 'quarter' if 'quarterly' in mart else 'month' }} as period_start,
        {{ dimension[1] if dimension else "'company'" }} as entity_id
    from {{ ref(mart) }}
    union all
    {% endfor %}
    select
        'satisfaction_monthly_kpis' as mart,
        month as period_start,
        'all' as entity_id
    from {{ ref('satisfaction_monthly_kpis') }}
    where dimension_name = 'all'
    union all
    select
        'rep_scorecards' as mart,
        month as period_start,
        rep_id || ' ' || step as entity_id
    from {{ ref('rep_scorecards') }}
),

counted as (
    select
        mart,
        period_start,
        entity_id,
        sum(expected_rows) as expected_rows,
        sum(published_rows) as published_rows
    from (
        select
            expected.*,
            1 as expected_rows,
            0 as published_rows
        from expected
        union all
        select
            published.*,
            0 as expected_rows,
            1 as published_rows
        from published
    ) as both_sides
    group by mart, period_start, entity_id
)

select
    mart,
    period_start,
    entity_id,
    expected_rows,
    published_rows
from counted
where expected_rows <> published_rows
union all
-- six steps, whatever the reps did
select
    'rep_scorecards' as mart,
    cast(null as date) as period_start,
    'steps' as entity_id,
    6 as expected_rows,
    count(distinct step) as published_rows
from {{ ref('rep_scorecards') }}
having count(distinct step) not in (0, 6)
