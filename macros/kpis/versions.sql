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

{# The versions of a raw table by the as-of date, with the value that they state: the select of stg_crm__*_versions. #}
{% macro staged_versions(raw_table, entity, value) -%}
with clock as (
    select as_of_date from {{ ref('stg_run__clock') }}
),

final as (
    select
        versions.{{ entity }},
        versions.{{ value }},
        cast(versions._version as bigint) as version_number,
        versions.updated_date
    from {{ ref('base_crm__' ~ raw_table) }} as versions
    cross join clock
    where
        versions._has_key
        and not coalesce(versions.is_deleted, false)
        -- the earliest version counts even when it is later than the as-of date
        and (versions._version = 1 or coalesce(versions.updated_date, clock.as_of_date) <= clock.as_of_date)
)

select * from final
{%- endmacro %}
