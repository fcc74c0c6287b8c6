-- grain: one row per calendar quarter
{{ company_kpis('quarter', {'qoq': 'previous_period_start', 'yoy': 'year_earlier_period_start'}) }}
