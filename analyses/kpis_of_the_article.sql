-- What the article asks, section by section: the metric, where it lives, and its latest known value in a complete period.
-- Of teams and reps, the best one's is shown.
with latest as (
    select
        article.position,
        article.section,
        article.name_fr,
        article.metric,
        article.grain,
        article.period_type,
        tidy.entity_id,
        tidy.period_start,
        tidy.value,
        row_number() over (partition by article.position order by tidy.period_start desc, tidy.rank asc nulls last, tidy.entity_id asc) as place
    from {{ ref('article_kpis') }} as article
    left join {{ ref('kpi_values') }} as tidy
        on
            article.metric = tidy.metric
            and article.grain = tidy.grain
            and article.period_type = tidy.period_type
            and tidy.is_complete_period
            and tidy.value is not null
)

select
    latest.section,
    latest.name_fr,
    latest.metric,
    kpis.marts,
    kpis.unit,
    latest.grain,
    latest.entity_id,
    latest.period_type,
    latest.period_start,
    latest.value
from latest
inner join {{ ref('dim_kpis') }} as kpis on latest.metric = kpis.metric
where latest.place = 1
order by latest.position
