-- Without an exchange rate an amount is unknown, never taken at 1; in the reporting currency it is itself (KPIs §1, G5).
select
    basis,
    sale_line_id,
    currency,
    exchange_rate,
    is_fx_missing,
    original_sold_amount,
    sold_amount
from {{ ref('fct_sales') }}
where
    is_fx_missing <> (exchange_rate is null)
    or (is_fx_missing and has_line and (sold_amount is not null or gross_amount is not null))
    or (not is_fx_missing and original_sold_amount is not null and sold_amount is null)
    or (currency = '{{ var("reporting_currency") }}' and sold_amount is distinct from original_sold_amount)
