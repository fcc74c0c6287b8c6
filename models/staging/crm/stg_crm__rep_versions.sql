-- grain: one row per rep_id and version
{{ staged_versions('reps', 'rep_id', 'team_id') }}
