-- The 95 % Wilson interval against known values (5 of 10: 0.2366 to 0.7634, 0 of 10: 0 to 0.2775).
-- NULL without cases, and always within 0 to 1.
with cases as (
    {% set cases = [
        (0, 10, '0', '0.2775327998628892'), (10, 10, '0.7224672001371106', '1'), (5, 10, '0.236593090512564', '0.763406909487436'),
        (2, 10, '0.05668215145437522', '0.5098375284633582'), (1, 1, '0.20654931437723742', '1'),
        (50, 100, '0.4038315303659957', '0.5961684696340044'),
    ] %}
    {% for cases_counted, n, low, high in cases %}
    {% if not loop.first %}union all{% endif %}
    select
        {{ cases_counted }} as counted,
        {{ n }} as n,
        cast({{ low }} as double) as expected_low,
        cast({{ high }} as double) as expected_high
    {% endfor %}
    union all
    select
        0 as counted,
        0 as n,
        cast(null as double) as expected_low,
        cast(null as double) as expected_high
),

bounded as (
    select
        *,
        {{ wilson_bound('counted', 'n', -1) }} as low,
        {{ wilson_bound('counted', 'n', 1) }} as high
    from cases
)

select *
from bounded
where
    (low is null) <> (expected_low is null)
    or (high is null) <> (expected_high is null)
    or abs(low - expected_low) > 0.000000000001
    or abs(high - expected_high) > 0.000000000001
    or low < 0
    or high > 1
