-- grain: one row per lead_id and version
{{ staged_versions('leads', 'lead_id', 'owner_rep_id') }}
