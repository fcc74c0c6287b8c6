-- What is part of a count is not more than the count, and no count is negative: a rate above 1 is a counting error.
{% set wholes = {
    'rep_daily_kpis': [
        ('connected_calls', 'calls'), ('held_meetings', 'meetings'), ('basket_count', 'sales_count'), ('new_customers', 'sales_count'),
        ('opportunities_won', 'win_rate_denominator'), ('opportunities_lost', 'win_rate_denominator'),
        ('average_call_minutes_denominator', 'connected_calls'), ('average_meeting_minutes_denominator', 'held_meetings'),
    ],
    'team_monthly_kpis': [
        ('connected_calls', 'calls'), ('held_meetings', 'meetings'), ('basket_count', 'sales_count'), ('new_customers', 'sales_count'),
        ('opportunities_won', 'win_rate_denominator'), ('opportunities_lost', 'win_rate_denominator'),
        ('average_call_minutes_denominator', 'connected_calls'), ('average_meeting_minutes_denominator', 'held_meetings'),
        ('csat_satisfied', 'csat_responses'), ('customers_retained', 'customers_at_start'),
        ('customer_churn_rate_numerator', 'customer_retention_rate_denominator'),
        ('lead_conversion_rate_numerator', 'lead_conversion_rate_denominator'), ('lead_conversion_rate_denominator', 'leads_created'),
    ],
} %}

{% for mart, pairs in wholes.items() %}{% set first_mart = loop.first %}{% for part, whole in pairs %}
{% if not (first_mart and loop.first) %}union all{% endif %}
select
    '{{ mart }}' as mart,
    {{ 'month' if mart == 'team_monthly_kpis' else 'date_day' }} as period_start,
    {{ 'team_id' if mart == 'team_monthly_kpis' else 'rep_id' }} as entity_id,
    '{{ part }} of {{ whole }}' as part_of_whole,
    cast({{ part }} as decimal(38, 8)) as part,
    cast({{ whole }} as decimal(38, 8)) as whole
from {{ ref(mart) }}
where {{ part }} < 0 or {{ part }} > {{ whole }}
{% endfor %}{% endfor %}
