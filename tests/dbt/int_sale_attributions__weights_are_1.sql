-- The campaigns of a sale, `unattributed` among them, share it whole: weights add up to exactly 1, and what they get of an event adds up to the event
-- (KPIs §4, 7). If not, campaigns together sold more or less than the company.
with events as (
    select
        'sale ' || sale_line_id as event_id,
        sold_amount as net_revenue,
        case when has_margin then sold_amount - cost_amount end as gross_margin
    from {{ ref('fct_sales') }}
    where is_revenue_basis
    union all
    select
        'return ' || return_id || ' ' || sale_line_id as event_id,
        -returned_amount as net_revenue,
        case when has_margin then returned_cost_amount - returned_amount end as gross_margin
    from {{ ref('fct_returns') }}
    where is_revenue_basis
),

attributed as (
    select
        event_id,
        sum(attributed_revenue) as net_revenue,
        sum(attributed_margin) as gross_margin
    from {{ ref('fct_attributed_sales') }}
    group by event_id
)

select
    basis || ' ' || sale_id as attributed_id,
    'attribution_weight' as measure,
    cast(sum(attribution_weight) as decimal(38, 8)) as attributed,
    cast(1 as decimal(38, 8)) as expected
from {{ ref('int_sale_attributions') }}
group by basis, sale_id
having sum(attribution_weight) <> 1
{% for measure in ['net_revenue', 'gross_margin'] %}
union all
select
    coalesce(events.event_id, attributed.event_id) as attributed_id,
    '{{ measure }}' as measure,
    cast(attributed.{{ measure }} as decimal(38, 8)) as attributed,
    cast(events.{{ measure }} as decimal(38, 8)) as expected
from events
full outer join attributed on events.event_id = attributed.event_id
where events.event_id is null or attributed.event_id is null or events.{{ measure }} is distinct from attributed.{{ measure }}
{% endfor %}
