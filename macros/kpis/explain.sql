{#
  The rows behind values of a metric, which add up to them. `asked` is a select of grain, entity_id, period_type and period_start, so that one
  statement explains one value or many. A row has a `part` of the value (`value`, or the `numerator` and `denominator` of a ratio), its source and
  key there, date, rep, team, share (of credit), and what it adds to that part.
#}
{% macro explain(metric, asked) -%}
with {{ contributed_rows(metric, asked) }}

select
    grain,
    entity_id,
    period_type,
    period_start,
    part,
    source,
    row_key,
    row_date,
    rep_id,
    team_id,
    share,
    amount
from contributed
where amount {{ 'is not null' if explanation_of(metric).is_median else '<> 0' }}
order by grain, entity_id, period_start, part, row_date, source, row_key, rep_id, team_id
{%- endmacro %}

{# One value to be explained. #}
{% macro asked_value(grain, entity, period_type, period_start) -%}
select
    {{ sql_text(grain) }} as grain,
    {{ sql_text(entity) }} as entity_id,
    {{ sql_text(period_type) }} as period_type,
    {{ date_literal(period_start) }} as period_start
{%- endmacro %}

{#
  The CTEs `periods`, those asked for, and `contributed`, every row of theirs with what it adds: NULL where that is not known. With `left_out` also
  the rows that a source leaves out, with the `reason`.
#}
{% macro contributed_rows(metric, asked, left_out=false) -%}
{%- set selects = [] -%}
{%- for part, source, added in contributing_sources(metric) -%}
    {%- set rows = contributions()[source] -%}
    {%- do selects.append(matched_rows(metric, part, rows, added, rows.where or 'true')) -%}
    {%- if left_out -%}
        {%- for reason, condition in rows.get('left_out', {}).items() -%}
            {%- do selects.append(matched_rows(metric, part, rows, 'cast(null as ' ~ amount_type() ~ ')', condition, reason)) -%}
        {%- endfor -%}
    {%- endif -%}
{%- endfor -%}
periods as (
    select
        entities.grain,
        entities.entity_id,
        entities.period_type,
        entities.period_start,
        entities.period_end,
        entities.previous_period_start,
        entities.year_earlier_period_start,
        entities.elapsed_days,
        entities.working_days,
        entities.elapsed_working_days,
        ends.counted_from,
        ends.measured_on,
        ends.evening_before,
        earlier.counted_from as previous_counted_from
    from (
        {{ asked | indent(8) }}
    ) as asked
    inner join {{ ref('dim_entity_periods') }} as entities
        on {{ same_entity_period('asked', 'entities') }}
    inner join {{ ref('dim_periods') }} as ends on entities.period_type = ends.period_type and entities.period_start = ends.period_start
    left join {{ ref('dim_periods') }} as earlier
        on entities.period_type = earlier.period_type and entities.previous_period_start = earlier.period_start
),

matched as (
    {{ selects | join('\nunion all\n') | indent }}
),

contributed as (
    select matched.*
    from matched
    where is_own or grain = 'company' or (grain = 'team' and team_id = entity_id) or (grain = 'rep' and rep_id = entity_id)
)
{%- endmacro %}

{# Wide enough for money and for shares of it. #}
{% macro amount_type() %}decimal(38, 12){% endmacro %}

{# The rows of one source that belong to the periods. #}
{% macro matched_rows(metric, part, rows, added, condition, reason=none) -%}
{%- set once = rows.get('once', false) -%}
{%- set text = dbt.type_string() -%}
select
    periods.grain,
    periods.entity_id,
    periods.period_type,
    periods.period_start,
    '{{ part }}' as part,
    '{{ rows.fact }}' as source,
    cast({{ rows.key }} as {{ text }}) as row_key,
    {% for name, type in [('day', 'date'), ('rep', text), ('team', text)] -%}
    {%- set column = {'day': 'row_date'}.get(name, name ~ '_id') -%}
    cast({{ 'max(' ~ rows[name] ~ ')' if once and name in rows else rows.get(name, 'null') }} as {{ type }}) as {{ column }},
    {% endfor -%}
    cast({{ rows.get('share', 1) }} as {{ credit_type() }}) as share,
    cast({{ added }} as {{ amount_type() }}) as amount,
    {{ 'cast(null as ' ~ text ~ ')' if reason is none else "'" ~ reason ~ "'" }} as reason,
    {{ 'true' if rows.get('own') else 'false' }} as is_own
from periods
inner join {% if 'rows' in rows %}(
    {{ (target_rows(explanation_of(metric).aimed_at) if rows.rows == 'target_rows' else context[rows.rows]()) | indent }}
){% else %}{{ ref(rows.fact) }}{% endif %} as facts
    on {{ rows.get('counts') or in_period('periods', rows.day) }}
where {{ condition }}
{%- if once %}
group by periods.grain, periods.entity_id, periods.period_type, periods.period_start, {{ rows.key }}
{%- endif %}
{%- endmacro %}
