-- No table has a larger share of its rows in quarantine than var quarantine_stop_share (or quarantine_limits) allows: an export that is broken as a whole must not become KPIs.
{{ tables_beyond_quarantine_limit('stop') }}
