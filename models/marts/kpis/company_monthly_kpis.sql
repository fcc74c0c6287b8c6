-- grain: one row per month of the calendar
{{ company_kpis('month', {'mom': 'previous_period_start', 'yoy': 'year_earlier_period_start'}) }}
