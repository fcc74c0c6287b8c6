-- grain: one row per metric, grain (company, team, rep), entity and period
{# The names of growth say what it compares with, so that each is a metric of one kind of period. #}
{% set period_type_of = {'net_revenue_growth_mom': 'month', 'net_revenue_growth_qoq': 'quarter', 'seasonality_index': 'month'} %}
{% set columns = {} %}
{% for metric in period_metrics() if metric != 'net_revenue_growth' %}{% do columns.update({metric: metric}) %}{% endfor %}
{% do columns.update({'net_revenue_growth_mom': 'net_revenue_growth', 'net_revenue_growth_qoq': 'net_revenue_growth'}) %}
{% set cases = {'median_sales_cycle_days': 'sales_cycles', 'median_reply_hours': 'replied_reviews'} %}
{% for metric, ratio in ratios().items() if 'n' in ratio %}{% do cases.update({metric: ratio.n}) %}{% endfor %}

with catalogue as (
    select
        metric,
        better,
        grains
    from {{ ref('dim_kpis') }}
),

unpivoted as (
    select
        catalogue.metric,
        catalogue.better,
        kpis.grain,
        kpis.entity_id,
        kpis.period_type,
        kpis.period_start,
        kpis.is_complete_period,
        {{ value_of_metric(columns, 'catalogue.metric') }} as value,
        {% for part in ['numerator', 'denominator'] %}
        case catalogue.metric
            {% for metric, ratio in ratios().items() if metric in columns %}
            when '{{ metric }}' then cast({{ ratio[part] }} as double)
            {% endfor %}
        end as {{ part }},
        {% endfor %}
        {{ value_of_metric(cases, 'catalogue.metric') }} as n,
        {% for bound in ['low', 'high'] %}
        case catalogue.metric
            {% for metric, ratio in ratios().items() if ratio.get('interval') or metric == 'nps' %}
            when '{{ metric }}' then {{ metric }}_{{ bound }}
            {% endfor %}
        end as {{ bound }}{% if not loop.last %},{% endif %}
        {% endfor %}
    from {{ ref('agg_kpis') }} as kpis
    inner join catalogue on ' ' || catalogue.grains || ' ' like '% ' || kpis.grain || ' %'
    where
        catalogue.metric in ('{{ columns | join("', '") }}')
        {% for metric, period_type in period_type_of.items() %}
        and not (catalogue.metric = '{{ metric }}' and kpis.period_type <> '{{ period_type }}')
        {% endfor %}
),

-- net revenue is not the only metric with targets: the others have theirs under names of their own
targeted as (
    select
        catalogue.metric,
        catalogue.better,
        unpivoted.grain,
        unpivoted.entity_id,
        unpivoted.period_type,
        unpivoted.period_start,
        unpivoted.is_complete_period,
        unpivoted.value,
        catalogue.metric = unpivoted.metric || '_target' as is_target,
        cast(targets.target as double) as target,
        case
            when catalogue.metric = unpivoted.metric || '_attainment_rate' then cast(targets.target as double)
            when catalogue.metric = unpivoted.metric || '_pace_rate'
                then {{ safe_divide('targets.target * entities.elapsed_working_days', 'entities.working_days') }}
        end as denominator
    from unpivoted
    inner join catalogue
        on
            catalogue.metric in (
                unpivoted.metric || '_target', unpivoted.metric || '_attainment_rate', unpivoted.metric || '_pace_rate'
            )
    inner join {{ ref('dim_entity_periods') }} as entities
        on {{ same_entity_period('unpivoted', 'entities') }}
    left join {{ ref('agg_targets') }} as targets
        on {{ same_entity_period('unpivoted', 'targets') }} and unpivoted.metric = targets.metric
),

every_value as (
    select
        metric,
        better,
        grain,
        entity_id,
        period_type,
        period_start,
        is_complete_period,
        value,
        numerator,
        denominator,
        n,
        low,
        high
    from unpivoted
    union all
    select
        metric,
        better,
        grain,
        entity_id,
        period_type,
        period_start,
        is_complete_period,
        case when is_target then target else {{ safe_divide('value', 'denominator') }} end as value,
        case when not is_target then value end as numerator,
        denominator,
        cast(null as double) as n,
        cast(null as double) as low,
        cast(null as double) as high
    from targeted
),

-- who is compared: complete periods of real teams and reps, best first
compared as (
    select
        every_value.*,
        is_complete_period and grain <> 'company' and entity_id <> 'unassigned' and value is not null as is_ranked,
        -- equal quotients of other parts may differ in their last bit, and share a rank
        cast(case when better = 'down' then value else -value end as decimal(38, 9)) as best_first
    from every_value
),

ranked as (
    select
        compared.*,
        {% set peers = 'partition by metric, grain, period_type, period_start, is_ranked' %}
        case when is_ranked then rank() over ({{ peers }} order by best_first asc nulls last) end as rank,
        case when is_ranked then ceil(4 * cume_dist() over ({{ peers }} order by best_first asc nulls last)) end as quartile,
        case when is_ranked then count(*) over ({{ peers }}) end as peers
    from compared
),

final as (
    select
        metric,
        grain,
        entity_id,
        period_type,
        period_start,
        numerator,
        denominator,
        value,
        cast(n as bigint) as n,
        low,
        high,
        is_complete_period,
        n < {{ var('low_n_threshold') }} as is_low_n,
        cast(rank as bigint) as rank,
        cast(quartile as bigint) as quartile,
        cast(peers as bigint) as peers
    from ranked
)

select * from final
