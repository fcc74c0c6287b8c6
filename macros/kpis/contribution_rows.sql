{# Rows that period_contributions adds up and that no fact has as they are: each macro is the body of a relation, named after it. #}

{# The targets of a metric, with the team of a rep's at the month's end, and whether a row counts for its team and for the company. #}
{% macro target_rows(metric) -%}
select
    placed.*,
    entity_type = 'team' or (entity_type = 'rep' and not has_team_target) as counts_for_team,
    entity_type = 'company' or (not has_company_target and (entity_type = 'team' or not has_team_target)) as counts_for_company
from (
    select
        targets.target_month,
        targets.entity_type,
        targets.entity_id as target_entity,
        targets.target_value,
        case when targets.entity_type = 'rep' then targets.entity_id end as rep_id,
        case targets.entity_type when 'team' then targets.entity_id when 'rep' then rep_teams.team_id end as team_id,
        coalesce(kpis.aggregation = 'end_of_period', false) as is_state,
        max(case when targets.entity_type = 'team' then 1 else 0 end) over (
            partition by targets.target_month, case targets.entity_type when 'team' then targets.entity_id when 'rep' then rep_teams.team_id end
        ) = 1 as has_team_target,
        max(case when targets.entity_type = 'company' then 1 else 0 end) over (partition by targets.target_month) = 1 as has_company_target
    from {{ ref('fct_targets') }} as targets
    left join {{ ref('dim_rep_teams') }} as rep_teams
        on targets.entity_type = 'rep' and targets.entity_id = rep_teams.rep_id and {{ held_on('rep_teams', month_end('targets.target_month')) }}
    left join {{ ref('dim_kpis') }} as kpis on targets.metric = kpis.metric
    where targets.metric = '{{ metric }}'
) as placed
{%- endmacro %}

{% macro purchase_days() -%}
select distinct
    customer_id,
    sale_date
from {{ ref('fct_sales') }}
where is_revenue_basis and customer_id is not null
{%- endmacro %}

{% macro first_sale_channels() -%}
select
    sales.sale_id,
    sales.sale_date,
    coalesce(customers.acquisition_channel, 'unknown') as channel
from {{ ref('fct_sales') }} as sales
left join {{ ref('dim_customers') }} as customers on sales.customer_id = customers.customer_id
where sales.is_revenue_basis and sales.is_first_line and sales.is_first_sale
{%- endmacro %}

{% macro sale_line_returns() -%}
select
    lines.sale_line_id,
    lines.sale_date,
    lines.quantity as sold_quantity,
    returned.quantity as returned_quantity
from {{ ref('fct_sales') }} as lines
left join {{ ref('fct_return_windows') }} as returned on lines.sale_line_id = returned.sale_line_id and lines.basis = 'orders'
where lines.is_revenue_basis
{%- endmacro %}

{% macro product_effects() -%}
select
    period_type as value_type,
    period_start as value_start,
    product_id,
    price_effect,
    volume_effect,
    mix_effect,
    fx_effect
from {{ ref('agg_products') }}
{%- endmacro %}

{% macro movements_of_opening_customers() -%}
select
    openings.month as opening_month,
    movements.month,
    movements.customer_id,
    movements.expansion_mrr,
    movements.contraction_mrr,
    movements.churned_mrr
from {{ ref('mrr_movements') }} as movements
inner join {{ ref('mrr_movements') }} as openings on movements.customer_id = openings.customer_id and openings.month <= movements.month
where openings.was_live
{%- endmacro %}

{% macro cohort_months() -%}
select
    customers.customer_id,
    customers.first_purchase_date,
    months.month,
    {{ months_between(month_of('customers.first_purchase_date'), 'months.month') }} as age,
    months.is_buyer,
    months.net_revenue,
    months.gross_margin
from {{ ref('dim_customers') }} as customers
inner join {{ ref('fct_customer_months') }} as months
    on customers.customer_id = months.customer_id and {{ month_of('customers.first_purchase_date') }} <= months.month
{%- endmacro %}

{# The last three months of a period, and the months that its customers are expected to stay. #}
{% macro trailing_months() -%}
select
    recent.period_type as value_type,
    recent.period_start as value_start,
    recent.expected_lifetime_months,
    months.period_start as month,
    months.gross_margin,
    months.customers_at_start
from {{ ref('agg_trailing') }} as recent
inner join {{ ref('dim_periods') }} as ends on recent.period_type = ends.period_type and recent.period_start = ends.period_start
inner join {{ ref('agg_kpis') }} as months
    on
        months.grain = 'company'
        and months.period_type = 'month'
        and months.period_start <= {{ month_of('ends.measured_on') }}
        and months.period_start > {{ add_months(month_of('ends.measured_on'), -3) }}
{%- endmacro %}

{# The months of its life in which a cohort had not yet paid back what its customers cost. #}
{% macro ages_before_payback() -%}
select
    ages.period_type as value_type,
    ages.period_start as value_start,
    ages.age
from {{ ref('agg_cohorts') }} as ages
inner join {{ ref('agg_kpis') }} as kpis
    on kpis.grain = 'company' and ages.period_type = kpis.period_type and ages.period_start = kpis.period_start
where ages.age < kpis.cac_payback_months
{%- endmacro %}

{% macro values_of_kpis() -%}
select
    metric,
    grain as value_grain,
    entity_id as value_entity,
    period_type as value_type,
    period_start as value_start,
    value
from {{ ref('kpi_values') }}
{%- endmacro %}
