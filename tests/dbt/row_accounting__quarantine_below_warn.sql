-- No table has a larger share of its rows in quarantine than var quarantine_warn_share (or quarantine_limits) allows: more than a few bad rows are worth a look.
{{ config(severity='warn', warn_if='> 0', meta={'reason': 'the rest of the table is sound, and the KPIs count it; above quarantine_stop_share the run stops'}) }}
{{ tables_beyond_quarantine_limit('warn') }}
