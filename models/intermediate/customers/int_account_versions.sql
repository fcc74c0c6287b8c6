-- grain: one row per account and version: the history of owners where the CRM keeps none
{{ versions_of('accounts', 'stg_crm__account_versions', 'account_id', 'owner_rep_id') }}
