-- Attributed + unattributed = the company, per month and to the last decimal: revenue, margin and new customers are those of the teams, spend is all that was
-- spent (KPIs §4, 7), and the company's mart says the same of all campaigns and, without `unattributed`, of those that are known. A NULL term counts 0.
with campaigns as (
    select
        month,
        sum(attributed_revenue) as attributed_revenue,
        sum(attributed_margin) as attributed_margin,
        sum(new_customers) as new_customers,
        sum(leads_created) as leads_created,
        sum(spend) as spend,
        sum(case when campaign_id <> 'unattributed' then attributed_revenue end) as revenue_of_campaigns,
        sum(case when campaign_id <> 'unattributed' then attributed_margin end) as margin_of_campaigns
    from {{ ref('campaign_monthly_kpis') }}
    group by month
),

teams as (
    select
        month,
        sum(net_revenue) as net_revenue,
        sum(gross_margin) as gross_margin,
        sum(new_customers) as new_customers,
        sum(leads_created) as leads_created
    from {{ ref('team_monthly_kpis') }}
    group by month
),

spend as (
    select
        {{ month_of('spend_date') }} as month,
        sum(amount) as spend
    from {{ ref('fct_campaign_spend') }}
    group by {{ month_of('spend_date') }}
),

company as (
    select
        teams.month,
        teams.net_revenue,
        teams.gross_margin,
        teams.new_customers,
        teams.leads_created,
        spend.spend
    from teams
    left join spend on teams.month = spend.month
),

compared as (
    {% for kpi, column in [
        ('attributed_revenue', 'net_revenue'), ('attributed_margin', 'gross_margin'), ('new_customers', 'new_customers'),
        ('leads_created', 'leads_created'), ('spend', 'spend'),
    ] %}
    {% if not loop.first %}union all{% endif %}
    select
        company.month,
        '{{ kpi }}' as kpi,
        cast(coalesce(campaigns.{{ kpi }}, 0) as decimal(38, 8)) as of_the_campaigns,
        cast(coalesce(company.{{ column }}, 0) as decimal(38, 8)) as of_the_company
    from company
    left join campaigns on company.month = campaigns.month
    {% endfor %}
    {% for kpi, column in [
        ('attributed_revenue', 'net_revenue'), ('attributed_margin', 'gross_margin'), ('new_customers', 'new_customers'),
        ('spend', 'campaign_spend'), ('revenue_of_campaigns', 'attributed_revenue'), ('margin_of_campaigns', 'attributed_margin'),
    ] %}
    union all
    select
        company.month,
        '{{ kpi }}, {{ column }} of company_monthly_kpis' as kpi,
        cast(coalesce(campaigns.{{ kpi }}, 0) as decimal(38, 8)) as of_the_campaigns,
        cast(coalesce(company.{{ column }}, 0) as decimal(38, 8)) as of_the_company
    from {{ ref('company_monthly_kpis') }} as company
    left join campaigns on company.month = campaigns.month
    {% endfor %}
)

select
    month,
    kpi,
    of_the_campaigns,
    of_the_company
from compared
where of_the_campaigns <> of_the_company
