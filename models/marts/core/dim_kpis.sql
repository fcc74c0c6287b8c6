-- grain: one row per metric of the catalogue
with needs as (
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
    from {{ ref('kpi_catalogue') }} as kpis
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
    from {{ ref('kpi_catalogue') }} as kpis
    left join judged on kpis.metric = judged.metric
)

select * from final
