-- Every metric of dim_kpis has a row in kpi_values for each entity and period of its grains (KPIs §4, 12), and a value somewhere only where it is available.
-- If not, the catalogue names a number that nobody can look up, or one that its raw tables cannot give.
with metrics as (
    select
        kpis.metric,
        kpis.is_available,
        count(tidy.metric) as value_rows,
        count(tidy.value) as known_values
    from {{ ref('dim_kpis') }} as kpis
    left join {{ ref('kpi_values') }} as tidy on kpis.metric = tidy.metric
    group by kpis.metric, kpis.is_available
)

select
    metric,
    is_available,
    value_rows,
    known_values
from metrics
where value_rows = 0 or (not is_available and known_values > 0)
