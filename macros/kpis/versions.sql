{#
  The versions of an entity that carry its history: those of the raw folder, or with var keep_history the snapshots of earlier builds.
  A select of the entity, the value, version_number (from 1) and updated_date (the day from which a later version holds).
#}
{% macro versions_of(raw_table, versions, entity, value) -%}
{%- if var('keep_history') -%}
select
    snapshots.{{ entity }},
    snapshots.{{ value }},
    row_number() over (partition by snapshots.{{ entity }} order by snapshots.dbt_valid_from) as version_number,
    cast(snapshots.dbt_valid_from as date) as updated_date
from {{ ref('snap_crm__' ~ raw_table) }} as snapshots
cross join {{ ref('stg_run__clock') }} as clock
where cast(snapshots.dbt_valid_from as date) <= clock.as_of_date
{%- else -%}
select
    {{ entity }},
    {{ value }},
    version_number,
    updated_date
from {{ ref(versions) }}
{%- endif -%}
{%- endmacro %}
