-- A view that is replaced answers by its new SQL. With Iceberg in Spark's session catalog it keeps the old one, and every mart stays as it was.
{% if execute and flags.WHICH in ['build', 'test'] %}
    {% do run_query('create or replace view raw.replaced_view as select 1 as edition') %}
    {% do run_query('create or replace view raw.replaced_view as select 2 as edition') %}
    {% set edition = run_query('select edition from raw.replaced_view').rows[0][0] %}
    {% do run_query('drop view raw.replaced_view') %}
{% endif %}
select edition
from (select {{ edition | default(2, true) }} as edition) as seen
where edition <> 2
