-- Won + lost = the closed deals that a win rate divides by, in number and in amount, in every row of every mart that has them (KPIs §4, 3).
{% set marts = [
    ('rep_daily_kpis', 'date_day', 'rep_id'), ('team_monthly_kpis', 'month', 'team_id'), ('company_monthly_kpis', 'month', "'company'"),
    ('company_quarterly_kpis', 'quarter', "'company'"),
] %}

{% for mart, period, entity in marts %}
{% set amount = 'null' if mart == 'rep_daily_kpis' else 'win_rate_value_denominator' %}
{% if not loop.first %}union all{% endif %}
select
    '{{ mart }}' as mart,
    {{ period }} as period_start,
    {{ entity }} as entity_id,
    opportunities_won,
    opportunities_lost,
    win_rate_denominator,
    won_amount,
    lost_amount,
    cast({{ amount }} as {{ money_type() }}) as win_rate_value_denominator
from {{ ref(mart) }}
where
    opportunities_won + opportunities_lost is distinct from win_rate_denominator
    {% if amount != 'null' %}
    or won_amount + lost_amount is distinct from win_rate_value_denominator
    {% endif %}
{% endfor %}
