-- grain: one row per calendar quarter
{{ company_kpis('quarter') }}
