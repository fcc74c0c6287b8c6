{# Every var against its domain; the message names the var, its value and what is allowed. #}
{% macro check_vars() %}
    {# A database of the same name as one of its schemas makes every `name.relation` ambiguous. #}
    {% if target.database in ['main', 'raw', 'seeds', 'staging', 'intermediate', 'core', 'kpis', 'quality', 'snapshots', 'history'] %}
        {% do stop("the database file is called " ~ target.database ~ ", which is the name of a schema inside it. Call it otherwise, for example boussole.duckdb.") %}
    {% endif %}
    {% for name in ['as_of_date', 'start_date'] if var(name, none) is not none %}
        {% if not modules.re.match('^[0-9]{4}-[0-9]{2}-[0-9]{2}$', var(name) | string)
            or rows_of("select try_cast(" ~ sql_text(var(name)) ~ " as date)")[0][0] is none %}
            {% do stop_var(name, 'a date, YYYY-MM-DD') %}
        {% endif %}
    {% endfor %}
    {% if not modules.re.match('^[A-Z]{3}$', var('reporting_currency') | string) %}{% do stop_var('reporting_currency', 'an ISO 4217 code, for example EUR') %}{% endif %}
    {% if var('reporting_time_zone') not in modules.pytz.all_timezones %}{% do stop_var('reporting_time_zone', 'a name of the tz database, for example Europe/Paris') %}{% endif %}
    {% if var('revenue_basis') not in ['auto', 'orders', 'won_opportunities'] %}{% do stop_var('revenue_basis', 'auto, orders or won_opportunities') %}{% endif %}
    {% do check_integer_var('fiscal_year_start_month', 1, 12) %}
    {% do check_integer_var('lead_conversion_days', 0, 3650) %}
    {% do check_integer_var('customer_active_days', 1, 36500) %}
    {% if var('csat_satisfied_from') is not number or var('csat_satisfied_from') <= 0 or var('csat_satisfied_from') > 1 %}
        {% do stop_var('csat_satisfied_from', 'a number above 0, up to 1') %}
    {% endif %}
    {% do check_integer_var('return_window_days', 0, 3650) %}
    {% do check_integer_var('clv_horizon_months', 1, 120) %}
    {% do check_integer_var('clv_max_months', 1, 1200) %}
    {% do check_integer_var('attribution_window_days', 0, 3650) %}
    {% if var('attribution_model') not in ['first_touch', 'last_touch', 'linear'] %}{% do stop_var('attribution_model', 'first_touch, last_touch or linear') %}{% endif %}
    {% do check_integer_var('low_n_threshold', 0, 1000000) %}
    {% do check_quarantine_vars() %}
    {% if var('pseudonymise_people') is not boolean %}{% do stop_var('pseudonymise_people', 'true or false') %}{% endif %}
    {% if var('keep_history') is not boolean %}{% do stop_var('keep_history', 'true or false') %}{% endif %}
    {% if var('keep_history') and env_var('BOUSSOLE_HISTORY', ':memory:') == ':memory:' %}
        {% do stop("var keep_history is true, and nothing says where to keep it. Set BOUSSOLE_HISTORY to a file, for example history/boussole_history.duckdb.") %}
    {% endif %}
    {% for name in ['won_stages', 'lost_stages'] %}
        {% if var(name) is string or var(name) is not iterable or not var(name) %}{% do stop_var(name, 'a list of stage names, for example [won, gagné]') %}{% endif %}
    {% endfor %}
{% endmacro %}

{% macro check_integer_var(name, lowest, highest) %}
    {% set value = var(name) %}
    {% if value is boolean or value is not integer or value < lowest or value > highest %}
        {% do stop_var(name, 'a whole number from ' ~ lowest ~ ' to ' ~ highest) %}
    {% endif %}
{% endmacro %}

{% macro stop_var(name, allowed) %}{% do stop("var " ~ name ~ " is '" ~ var(name) ~ "'; it must be " ~ allowed ~ ".") %}{% endmacro %}
