-- grain: one row per rep and valid_from; the rows of a rep cover all time without overlap
{{ full_history(ref('int_team_statements'), 'rep_id', 'team_id') }}
