-- grain: one row per metric of the catalogue
with needed as (
    select
        kpis.metric,
        needs.table_name,
        needs.is_supplied
    from {{ ref('kpi_catalogue') }} as kpis
    inner join {{ ref('int_supplied_needs') }} as needs on ' ' || kpis.needs || ' ' like '% ' || needs.need || ' %'
),

judged as (
    select
        metric,
        min(case when is_supplied then 1 else 0 end) = 1 as is_available,
        min(case when not is_supplied then table_name end) as missing_table
    from needed
    group by metric
),

final as (
    select
        kpis.metric,
        kpis.unit,
        kpis.better,
        kpis.aggregation,
        kpis.needs,
        coalesce(judged.is_available, false) as is_available,
        judged.missing_table
    from {{ ref('kpi_catalogue') }} as kpis
    left join judged on kpis.metric = judged.metric
)

select * from final
