-- grain: one row per metric of the catalogue
with needs as (
    select
        need,
        min(case when is_supplied then 1 else 0 end) = 1 as is_supplied,
        min(case when not is_supplied then table_name end) as missing_table
    from {{ ref('int_supplied_needs') }}
    group by need
),

-- `a|b` is supplied when one of the two is
alternatives as (
    select
        kpis.metric,
        max(case when needs.is_supplied then 1 else 0 end) = 1 as is_supplied,
        min(needs.missing_table) as missing_table
    from {{ ref('kpi_catalogue') }} as kpis
    inner join needs
        on
            {{ dbt.split_part('kpis.needs', "'|'", 1) }} = needs.need
            or {{ dbt.split_part('kpis.needs', "'|'", 2) }} = needs.need
    where kpis.needs like '%|%'
    group by kpis.metric
),

needed as (
    select
        kpis.metric,
        needs.is_supplied,
        needs.missing_table
    from {{ ref('kpi_catalogue') }} as kpis
    inner join needs on ' ' || kpis.needs || ' ' like '% ' || needs.need || ' %'
    union all
    select
        metric,
        is_supplied,
        missing_table
    from alternatives
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
