select
    order_id,
    cast(ordered_on as date) as ordered_date,
    cast(amount as decimal(18, 4)) as amount
from raw.orders
{% if var('break_a_model') %}where no_such_column{% endif %}
