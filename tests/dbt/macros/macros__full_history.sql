-- A history covers all time: each entity has exactly one value on every day, whatever its statements say.
with statements as (
    {% set rows = [
        ('move', 'A', '2024-01-10', '2024-03-01'), ('move', 'B', '2024-03-01', none),
        ('gap', 'A', '2024-01-10', '2024-02-01'), ('gap', 'B', '2024-03-01', '2024-04-01'),
        ('overlap', 'A', '2024-01-10', none), ('overlap', 'B', '2024-02-01', '2024-03-01'),
        ('versions', 'A', none, none), ('versions', 'B', '2024-02-05', none),
        ('empty', 'A', '2024-02-01', '2024-02-01'), ('empty', 'B', '2024-02-10', none),
        ('reversed', 'A', '2024-02-10', '2024-02-01'),
        ('one day', 'A', '2024-01-10', '2024-01-11'),
    ] %}
    {% for entity, value, valid_from, valid_to in rows %}
    {% if not loop.first %}union all{% endif %}
    select
        '{{ entity }}' as entity,
        '{{ value }}' as state,
        cast({{ "'" ~ valid_from ~ "'" if valid_from else 'null' }} as date) as valid_from,
        cast({{ "'" ~ valid_to ~ "'" if valid_to else 'null' }} as date) as valid_to
    {% endfor %}
),

history as (
    select * from ({{ full_history('statements', 'entity', 'state') | indent }}) as pieces
),

days as (
    {% set days = [
        '1900-01-01', '2024-01-09', '2024-01-10', '2024-01-11', '2024-01-31', '2024-02-01', '2024-02-05', '2024-02-09',
        '2024-02-10', '2024-02-29', '2024-03-01', '2024-03-31', '2024-04-01', '9999-12-30',
    ] %}
    {% for day in days %}
    {% if not loop.first %}union all{% endif %}
    select cast('{{ day }}' as date) as date_day
    {% endfor %}
),

entities as (
    select distinct entity from statements
),

counted as (
    select
        entities.entity,
        days.date_day,
        count(history.entity) as states
    from entities
    cross join days
    left join history on entities.entity = history.entity and {{ held_on('history', 'days.date_day') }}
    group by entities.entity, days.date_day
)

select
    entity,
    date_day,
    states
from counted
where states <> 1
