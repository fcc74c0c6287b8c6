-- Which customers need attention, why, who owns them, and what is at stake: those with most recurring revenue and margin first.
select
    kpis.customer_id,
    kpis.customer_name,
    kpis.account_segment,
    kpis.rfm_segment,
    kpis.attention_reason,
    customers.owner_rep_id,
    kpis.recency_days,
    kpis.latest_nps_score,
    kpis.mrr,
    kpis.clv_projected
from {{ ref('customer_kpis') }} as kpis
inner join {{ ref('dim_customers') }} as customers on kpis.customer_id = customers.customer_id
where kpis.needs_attention
order by kpis.mrr desc nulls last, kpis.clv_projected desc nulls last, kpis.customer_id asc
