-- grain: one row per customer and valid_from; the rows of a customer cover all time without overlap
{{ full_history(ref('int_owner_statements'), 'customer_id', 'rep_id') }}
