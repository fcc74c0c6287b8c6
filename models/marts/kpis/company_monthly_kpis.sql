-- grain: one row per month of the calendar
{{ company_kpis('month') }}
