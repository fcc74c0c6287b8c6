-- grain: one row per rep and version: the history of teams where the CRM keeps none
{{ versions_of('reps', 'stg_crm__rep_versions', 'rep_id', 'team_id') }}
