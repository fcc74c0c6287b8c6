-- grain: one row per metric of the catalogue, and three for each other metric that has targets: its target, attainment and pace
{% set columns = [
    'metric', 'name_en', 'name_fr', 'definition_en', 'definition_fr', 'formula', 'unit', 'better', 'aggregation', 'grains', 'needs', 'marts', 'since',
] %}
{# suffix -> what differs from the metric itself. Net revenue has its own three in the catalogue. #}
{% set targeted = {
    'target': {
        'name_en': "'Target: ' || kpis.name_en", 'name_fr': "'Objectif : ' || kpis.name_fr",
        'definition_en': "'What the entity aims at in the period: ' || kpis.metric || '. NULL where a month of it has no target.'",
        'definition_fr': sql_text("Ce que vise l'entité sur la période : ") ~ ' || kpis.metric || ' ~ sql_text(". NULL si l'un de ses mois n'a pas d'objectif."),
        'formula': "'sum of the targets of the months, of a state that of the last one'",
        'unit': 'kpis.unit', 'aggregation': 'kpis.aggregation', 'needs': "'targets'",
    },
    'attainment_rate': {
        'name_en': "'Attainment: ' || kpis.name_en", 'name_fr': "'Taux de réalisation : ' || kpis.name_fr",
        'definition_en': "'Share of its target that ' || kpis.metric || ' has reached. NULL without a target.'",
        'definition_fr': "'Part de son objectif que ' || kpis.metric || ' a atteinte. NULL sans objectif.'",
        'formula': "kpis.metric || ' / ' || kpis.metric || '_target'",
        'unit': "'rate'", 'aggregation': "'ratio'", 'needs': "kpis.needs || ' targets'",
    },
    'pace_rate': {
        'name_en': "'Pace: ' || kpis.name_en", 'name_fr': "'Rythme de réalisation : ' || kpis.name_fr",
        'definition_en': "'Share that ' || kpis.metric || ' has reached of what was due by the working days that have passed. NULL without a target.'",
        'definition_fr': "'Part que ' || kpis.metric || ' a atteinte de ce qui était dû au vu des jours ouvrés écoulés. NULL sans objectif.'",
        'formula': "kpis.metric || ' / (' || kpis.metric || '_target * elapsed working days / working days)'",
        'unit': "'rate'", 'aggregation': "'ratio'", 'needs': "kpis.needs || ' targets'",
    },
} %}

with targeted as (
    select distinct metric from {{ ref('stg_crm__targets') }}
    where metric <> 'net_revenue'
),

catalogue as (
    select
        {{ column_list(columns) }}
    from {{ ref('kpi_catalogue') }}
    {% for suffix, texts in targeted.items() %}
    union all
    select
        kpis.metric || '_{{ suffix }}' as metric,
        {% for column in ['name_en', 'name_fr', 'definition_en', 'definition_fr', 'formula', 'unit'] %}
        {{ texts[column] }} as {{ column }},
        {% endfor %}
        'up' as better,
        {{ texts.aggregation }} as aggregation,
        kpis.grains,
        {{ texts.needs }} as needs,
        'kpi_values.value' as marts,
        kpis.since
    from {{ ref('kpi_catalogue') }} as kpis
    inner join targeted on kpis.metric = targeted.metric
    -- what adds up, and recurring revenue
    where kpis.aggregation = 'sum' or kpis.metric = 'mrr'
    {% endfor %}
),

needs as (
    select
        need,
        min(case when is_supplied then 1 else 0 end) = 1 as is_supplied,
        min(case when not is_supplied then table_name end) as missing_table
    from {{ ref('int_supplied_needs') }}
    group by need
),

needed as (
    select
        kpis.metric,
        needs.is_supplied,
        needs.missing_table
    from catalogue as kpis
    inner join needs on ' ' || kpis.needs || ' ' like '% ' || needs.need || ' %'
),

judged as (
    select
        metric,
        min(case when is_supplied then 1 else 0 end) = 1 as is_available,
        min(case when not is_supplied then missing_table end) as missing_table
    from needed
    group by metric
),

final as (
    select
        kpis.metric,
        kpis.name_en,
        kpis.name_fr,
        kpis.definition_en,
        kpis.definition_fr,
        kpis.formula,
        kpis.unit,
        kpis.better,
        kpis.aggregation,
        kpis.grains,
        kpis.needs,
        kpis.marts,
        coalesce(judged.is_available, false) as is_available,
        judged.missing_table,
        kpis.since
    from catalogue as kpis
    left join judged on kpis.metric = judged.metric
)

select * from final
