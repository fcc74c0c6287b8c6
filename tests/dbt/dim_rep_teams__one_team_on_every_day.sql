-- The history of a rep, and of a customer's owner, covers all time without a hole or an overlap: an event finds exactly one team (KPIs §1, G9).
{% set histories = [('dim_rep_teams', 'rep_id'), ('int_customer_owners', 'customer_id')] %}

with pieces as (
    {% for history, entity in histories %}
    {% if not loop.first %}union all{% endif %}
    select
        '{{ history }}' as history,
        {{ entity }} as entity_id,
        valid_from,
        valid_to,
        lag(valid_to) over (partition by {{ entity }} order by valid_from, valid_to) as earlier_valid_to,
        lead(valid_from) over (partition by {{ entity }} order by valid_from, valid_to) as next_valid_from
    from {{ ref(history) }}
    {% endfor %}
)

select
    history,
    entity_id,
    valid_from,
    valid_to,
    earlier_valid_to,
    next_valid_from
from pieces
where
    coalesce(earlier_valid_to, cast('1900-01-01' as date)) <> valid_from
    or coalesce(next_valid_from, cast('9999-12-31' as date)) <> valid_to
    or valid_from >= valid_to
