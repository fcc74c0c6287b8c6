-- grain: one row per rep, team on the day of the event, and day: the additive parts of every KPI (KPIs §1, G9)
with
{% for source, rows in credited_contributions().items() %}
{{ source }} as (
    select
        {{ rows.rep }} as rep_id,
        {{ rows.team }} as team_id,
        {{ rows.day }} as date_day{% for part, added in rows.parts.items() %},
        sum({{ added }}) as {{ part }}{% endfor %}

    from {{ ref(rows.fact) }}
    where {{ rows.where }}
    group by {{ rows.rep }}, {{ rows.team }}, {{ rows.day }}
),

{% endfor %}
parts as (
    {{ aligned_union(kpi_parts(), ['rep_id', 'team_id', 'date_day']) | indent }}
),

final as (
    select
        rep_id,
        team_id,
        date_day,
        {% for part in all_kpi_parts() %}
        cast(coalesce(sum({{ part }}), 0) as {{ part_type(part) }}) as {{ part }}{% if not loop.last %},{% endif %}
        {% endfor %}
    from parts
    group by rep_id, team_id, date_day
)

select * from final
