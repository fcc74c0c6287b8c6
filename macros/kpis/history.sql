{#
  Turn dated statements (entity, valid_from, valid_to, value) into a history without overlaps that covers all time:
  the later valid_from wins from its day on, the first one also holds before it (flagged), and holes have the value `unassigned`.
  `statements` has the columns: the entity, valid_from (NULL: for all time before the next), valid_to (exclusive, NULL: still), the value.
#}
{% macro full_history(statements, entity, value) -%}
    {%- set beginning = "cast('1900-01-01' as date)" -%}
    {%- set end = "cast('9999-12-31' as date)" -%}
with ordered as (
    select
        {{ entity }},
        {{ value }},
        coalesce(valid_from, {{ beginning }}) as valid_from,
        coalesce(valid_to, {{ end }}) as stated_valid_to,
        lead(valid_from) over (partition by {{ entity }} order by valid_from asc nulls first) as next_valid_from,
        row_number() over (partition by {{ entity }} order by valid_from asc nulls first) as position
    from {{ statements }}
),

stated as (
    select
        {{ entity }},
        {{ value }},
        position,
        valid_from,
        case when next_valid_from < stated_valid_to then next_valid_from else stated_valid_to end as valid_to,
        coalesce(next_valid_from, {{ end }}) as next_valid_from
    from ordered
),

pieces as (
    -- what was stated
    select {{ entity }}, {{ value }}, valid_from, valid_to, false as is_assumed from stated
    union all
    -- before the first statement: the first one
    select {{ entity }}, {{ value }}, {{ beginning }} as valid_from, valid_from as valid_to, true as is_assumed from stated where position = 1
    union all
    -- between two statements, and after the last
    select {{ entity }}, 'unassigned' as {{ value }}, greatest(valid_to, valid_from) as valid_from, next_valid_from as valid_to, false as is_assumed
    from stated
)

select
    {{ entity }},
    {{ value }},
    valid_from,
    valid_to,
    is_assumed
from pieces
where valid_from < valid_to
{%- endmacro %}
