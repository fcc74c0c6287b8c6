-- Shares are cut at 8 decimals and add up to 1 exactly; several amounts are divided side by side, each by itself.
with parts as (
    {% set cases = [
        ('D1', 'R1', 0.3333, 0.33333333), ('D1', 'R2', 0.3333, 0.33333333), ('D1', 'R3', 0.3333, 0.33333334),
        ('D2', 'R1', 0.5, 0.49950049), ('D2', 'R2', 0.501, 0.50049951),
    ] %}
    {% for deal, rep, weight, expected in cases %}
    {% if not loop.first %}union all{% endif %}
    select
        '{{ deal }}' as deal,
        '{{ rep }}' as rep,
        cast({{ weight }} as {{ share_type() }}) as weight,
        cast({{ expected }} as {{ credit_type() }}) as expected,
        cast(1 as {{ credit_type() }}) as one,
        cast(null as {{ credit_type() }}) as nothing_known
    {% endfor %}
),

allocated as (
    {{ allocate('parts', {'part': 'one', 'no_part': 'nothing_known'}, 'weight', ['deal'], ['rep'], scale=8) | indent }}
)

select
    deal,
    rep,
    expected,
    part,
    no_part
from allocated
where part is distinct from expected or no_part is not null
