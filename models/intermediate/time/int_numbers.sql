-- grain: one row per whole number from 0 to 99,999: days and months are counted with them, on every engine
with digits as (
    {% for digit in range(10) %}
    {% if not loop.first %}union all{% endif %}
    select {{ digit }} as digit
    {% endfor %}
),

final as (
    select ones.digit + 10 * tens.digit + 100 * hundreds.digit + 1000 * thousands.digit + 10000 * ten_thousands.digit as number
    from digits as ones
    cross join digits as tens
    cross join digits as hundreds
    cross join digits as thousands
    cross join digits as ten_thousands
)

select * from final
