-- grain: one row per account_id and version
{{ staged_versions('accounts', 'account_id', 'owner_rep_id') }}
