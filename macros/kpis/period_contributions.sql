{#
  What the KPIs of a period add up beyond fct_rep_team_days, in the words of credited_contributions, and with:
  `rows`, a macro that selects them where no fact has them as they are; `counts`, the condition that a row (`facts`) belongs to a period (`periods`)
  where that is not its day; `once`, one row per key, whose parts are aggregates; `own`, rows of the entity itself rather than of its reps or teams.
#}
{% macro period_contributions() %}
    {% set horizon = var('clv_horizon_months') | string %}
    {% set same_period = 'value_type = periods.period_type and value_start = periods.period_start' %}
    {% set same_entity = "value_type = periods.period_type and value_grain = periods.grain and value_entity = periods.entity_id" %}
    {% set is_first_month = 'month = ' ~ boussole.month_of('periods.counted_from') %}
    {% set is_last_month = 'month = ' ~ boussole.month_of('periods.measured_on') %}
    {% set at_start = 'max(' ~ boussole.one_if('evening_date = periods.evening_before') ~ ')' %}
    {% set at_end = 'max(' ~ boussole.one_if('evening_date = periods.period_end') ~ ')' %}
    {% set before = 'max(' ~ boussole.one_if('month < periods.period_start') ~ ')' %}
    {% set within = 'max(' ~ boussole.one_if('month >= periods.period_start') ~ ')' %}
    {% set is_nps = boussole.is_latest_nps_of('facts', 'periods.period_type') %}
    {% set is_closing = 'expected_close_date <= periods.period_end' %}
    {% set elapsed_share = boussole.safe_divide('periods.elapsed_working_days', 'periods.working_days') | string %}
    {% set targets = {
        'rows': 'target_rows', 'fact': 'fct_targets', 'counts': boussole.target_counts(), 'rep': 'rep_id', 'team': 'team_id', 'day': 'target_month',
        'key': "entity_type || ' ' || target_entity || ' ' || cast(target_month as " ~ dbt.type_string() ~ ')',
    } %}
    {{ return({
        'employed_days': {
            'fact': 'fct_rep_days', 'key': "rep_id || ' ' || cast(date_day as " ~ dbt.type_string() ~ ')', 'where': 'is_employed',
            'rep': 'rep_id', 'team': 'team_id', 'day': 'date_day', 'share': boussole.safe_divide('1', 'periods.elapsed_days') | string,
            'parts': {'fte': boussole.safe_divide('fte', 'periods.elapsed_days') | string},
        },
        'employed_reps': {
            'fact': 'fct_rep_days', 'key': 'rep_id', 'where': 'is_employed', 'once': true,
            'counts': boussole.in_period('periods', 'date_day') ~ " and (periods.grain <> 'team' or team_id = periods.entity_id)",
            'rep': 'rep_id', 'team': 'team_id', 'day': 'date_day',
            'parts': {'active_reps': 'max(1)'},
        },
        'targets': dict(targets, parts={'target': 'target_value'}),
        'due_targets': dict(targets, share=elapsed_share, parts={'due_target': 'target_value * ' ~ elapsed_share}),
        'cycles': {
            'fact': 'fct_opportunities', 'key': 'opportunity_id', 'where': 'is_won',
            'rep': 'owner_rep_id', 'team': 'closed_team_id', 'day': 'close_date',
            'parts': {'median_sales_cycle_days': 'sales_cycle_days'},
        },
        'open_deals': {
            'fact': 'fct_open_deal_periods', 'key': 'opportunity_id', 'counts': 'periods.measured_on >= valid_from and periods.measured_on < valid_to',
            'rep': 'owner_rep_id', 'team': 'team_id', 'day': 'created_date',
            'parts': {
                'open_deals': '1',
                'open_pipeline': 'amount',
                'weighted_pipeline': 'weighted_amount',
                'closing_pipeline': 'case when ' ~ is_closing ~ ' then amount else 0 end',
                'average_age_days_denominator': boussole.one_if('created_date is not null'),
                'average_age_days_numerator': boussole.days_between('created_date', 'periods.measured_on'),
            },
        },
        'active_customers': {
            'fact': 'fct_active_customers', 'key': 'customer_id', 'once': true, 'counts': 'evening_date in (periods.evening_before, periods.period_end)',
            'team': 'case when evening_date = periods.evening_before then owner_team_id end', 'day': 'evening_date', 'tables': ['orders', 'order_lines'],
            'parts': {'customers_at_start': at_start, 'customers_retained': at_start ~ ' * ' ~ at_end},
        },
        'customers_at_end': {
            'fact': 'fct_active_customers', 'key': 'customer_id', 'counts': 'evening_date = periods.period_end',
            'rep': 'owner_rep_id', 'team': 'owner_team_id', 'day': 'evening_date', 'tables': ['orders', 'order_lines'],
            'parts': {'customers_at_end': '1'},
        },
        'buying_customers': {
            'fact': 'fct_customer_months', 'key': 'customer_id', 'once': true, 'where': 'is_buyer', 'day': 'month',
            'counts': 'month >= coalesce(periods.previous_counted_from, periods.counted_from) and month <= periods.period_end',
            'parts': {'buyers': within, 'previous_buyers': before, 'returning_buyers': within ~ ' * ' ~ before},
        },
        'repeat_buyers': {
            'rows': 'purchase_days', 'fact': 'fct_sales', 'key': 'customer_id', 'once': true, 'day': 'sale_date',
            'counts': 'sale_date <= periods.measured_on and sale_date > ' ~ boussole.add_days('periods.measured_on', -365),
            'parts': {'repeat_purchase_rate_denominator': 'max(1)', 'repeat_purchase_rate_numerator': boussole.one_if('count(*) >= 2')},
        },
        'identified_sales': {
            'fact': 'fct_sales', 'key': 'sale_line_id', 'where': 'is_revenue_basis and customer_id is not null', 'day': 'sale_date',
            'left_out': {'customer_unknown': 'is_revenue_basis and customer_id is null'},
            'parts': {'identified_sold_amount': 'sold_amount'},
        },
        'identified_returns': {
            'fact': 'fct_returns', 'key': "return_id || ' ' || sale_line_id", 'where': 'is_revenue_basis and customer_id is not null',
            'day': 'returned_date', 'tables': ['returns'], 'left_out': {'customer_unknown': 'is_revenue_basis and customer_id is null'},
            'parts': {'identified_returned_amount': 'returned_amount'},
        },
        'first_sales': {
            'rows': 'first_sale_channels', 'fact': 'fct_sales', 'key': 'sale_id', 'where': "channel <> 'unknown'", 'day': 'sale_date',
            'left_out': {'channel_unknown': "channel = 'unknown'"},
            'parts': {'referral_rate_denominator': '1', 'referral_rate_numerator': boussole.one_if("channel = 'referral'")},
        },
        'sale_lines': {
            'rows': 'sale_line_returns', 'fact': 'fct_sales', 'key': 'sale_line_id', 'day': 'sale_date', 'tables': ['returns'],
            'parts': {'return_rate_denominator': 'sold_quantity', 'return_rate_numerator': 'coalesce(returned_quantity, 0)'},
        },
        'returned_lines': {
            'fact': 'fct_returns', 'key': "return_id || ' ' || sale_line_id", 'where': 'is_revenue_basis', 'day': 'returned_date', 'tables': ['returns'],
            'parts': {'returned_units': 'quantity'},
        },
        'products': {
            'rows': 'product_effects', 'fact': 'agg_products', 'key': 'product_id', 'counts': same_period,
            'parts': {'price_effect': 'price_effect', 'volume_effect': 'volume_effect', 'mix_effect': 'mix_effect', 'fx_effect': 'fx_effect'},
        },
        'visits': {
            'fact': 'fct_web_visits', 'key': "channel || coalesce(' ' || campaign_id, '')", 'day': 'visit_date',
            'parts': {'visitors': 'visitors'},
        },
        'responses': {
            'fact': 'fct_survey_responses', 'key': 'response_id', 'rep': 'rep_id', 'team': 'team_id', 'day': 'responded_date',
            'where': 'is_valid', 'left_out': {'not_a_valid_answer': 'not is_valid'},
            'parts': {
                'responses': '1',
                'csat_responses': boussole.one_if('is_csat'),
                'csat_satisfied': boussole.one_if('is_satisfied'),
            },
        },
        'latest_responses': {
            'fact': 'fct_survey_responses', 'key': 'response_id', 'rep': 'rep_id', 'team': 'team_id', 'day': 'responded_date',
            'where': is_nps, 'left_out': {'answered_again_later': 'is_nps and not ' ~ is_nps},
            'parts': {
                'nps_responses': '1',
                'promoters': boussole.one_if("nps_class = 'promoter'"),
                'passives': boussole.one_if("nps_class = 'passive'"),
                'detractors': boussole.one_if("nps_class = 'detractor'"),
            },
        },
        'invitations': {
            'fact': 'fct_survey_invitations', 'key': 'invitation_id', 'rep': 'rep_id', 'team': 'team_id', 'day': 'sent_date',
            'parts': {'invitations': '1'},
        },
        'complaints': {
            'fact': 'fct_tickets', 'key': 'ticket_id', 'where': 'is_complaint', 'rep': 'rep_id', 'team': 'team_id', 'day': 'opened_date',
            'left_out': {'no_complaint': 'not is_complaint'}, 'parts': {'complaints': '1'},
        },
        'reviews': {
            'fact': 'fct_reviews', 'key': 'review_id', 'day': 'reviewed_date',
            'parts': {'review_count': '1', 'average_rating_numerator': 'rating_share', 'median_reply_hours': 'reply_hours'},
        },
        'operating_costs': {
            'fact': 'fct_costs', 'key': 'cost_id', 'day': 'cost_month',
            'parts': {
                'operating_costs': 'amount',
                'sales_costs': "case when cost_category = 'sales' then amount else 0 end",
                'operating_marketing_costs': "case when cost_category = 'marketing' then amount else 0 end",
                'other_costs': "case when cost_category = 'other' then amount else 0 end",
                'fixed_costs': "case when cost_behaviour = 'fixed' then amount else 0 end",
                'operating_variable_costs': "case when cost_behaviour = 'variable' then amount else 0 end",
            },
        },
        'spend': {
            'fact': 'fct_campaign_spend', 'key': 'campaign_id', 'day': 'spend_date',
            'parts': {'campaign_spend': 'amount'},
        },
        'attributed': {
            'fact': 'fct_attributed_sales', 'key': "event_id || ' ' || campaign_id", 'where': "campaign_id <> 'unattributed'", 'share': 'attribution_weight',
            'day': 'event_date', 'tables': ['returns'], 'left_out': {'unattributed': "campaign_id = 'unattributed'"},
            'parts': {'attributed_revenue': 'attributed_revenue', 'attributed_margin': 'attributed_margin'},
        },
        'movements': {
            'fact': 'mrr_movements', 'key': 'customer_id', 'day': 'month',
            'parts': {
                'new_mrr': 'new_mrr',
                'expansion_mrr': 'expansion_mrr',
                'contraction_mrr': 'contraction_mrr',
                'churned_mrr': 'churned_mrr',
                'reactivation_mrr': 'reactivation_mrr',
                'fx_mrr': 'fx_mrr',
                'opening_mrr': 'case when ' ~ is_first_month ~ ' then opening_mrr else 0 end',
                'mrr': 'case when ' ~ is_last_month ~ ' then mrr else 0 end',
                'customers': boussole.one_if('is_live and ' ~ is_last_month),
            },
        },
        'opening_customers': {
            'rows': 'movements_of_opening_customers', 'fact': 'mrr_movements', 'key': 'customer_id', 'day': 'month',
            'counts': 'opening_month = ' ~ boussole.month_of('periods.counted_from') ~ ' and ' ~ boussole.in_period('periods', 'month'),
            'parts': {
                'kept_expansion_mrr': 'expansion_mrr', 'kept_contraction_mrr': 'contraction_mrr', 'kept_churned_mrr': 'churned_mrr',
            },
        },
        'cohort': {
            'fact': 'dim_customers', 'key': 'customer_id', 'day': 'first_purchase_date',
            'parts': {'cohort_size': '1'},
        },
        'cohort_months': {
            'rows': 'cohort_months', 'fact': 'fct_customer_months', 'key': 'customer_id', 'day': 'month', 'tables': ['returns'],
            'counts': boussole.in_period('periods', 'first_purchase_date') ~ ' and age <= ' ~ horizon,
            'parts': {
                'cohort_margin': 'gross_margin',
                'cohort_active': boussole.one_if('is_buyer and age = ' ~ horizon),
                'cohort_revenue': 'case when age = ' ~ horizon ~ ' then net_revenue else 0 end',
                'cohort_first_revenue': 'case when age = 0 then net_revenue else 0 end',
            },
        },
        'trailing_months': {
            'rows': 'trailing_months', 'fact': 'agg_kpis', 'key': "'gross_margin and customers_at_start'", 'day': 'month', 'counts': same_period,
            'share': 'expected_lifetime_months',
            'parts': {'lifetime_margin': 'gross_margin * expected_lifetime_months', 'trailing_customers': 'customers_at_start'},
        },
        'ages': {
            'rows': 'ages_before_payback', 'fact': 'agg_cohorts', 'key': "'month ' || cast(age as " ~ dbt.type_string() ~ ')', 'counts': same_period,
            'parts': {'cac_payback_months': '1'},
        },
        'earlier_revenue': {
            'rows': 'values_of_kpis', 'fact': 'kpi_values', 'key': 'metric', 'where': "metric = 'net_revenue'", 'own': true,
            'day': 'value_start', 'counts': same_entity ~ ' and value_start in (periods.period_start, periods.previous_period_start)', 'tables': ['returns'],
            'parts': {
                'change_of_revenue': 'case when value_start = periods.period_start then value else -value end',
                'previous_revenue': 'case when value_start = periods.previous_period_start then value else 0 end',
            },
        },
        'year_earlier_revenue': {
            'rows': 'values_of_kpis', 'fact': 'kpi_values', 'key': 'metric', 'where': "metric = 'net_revenue'", 'own': true,
            'day': 'value_start', 'counts': same_entity ~ ' and value_start in (periods.period_start, periods.year_earlier_period_start)', 'tables': ['returns'],
            'parts': {
                'change_of_revenue_in_a_year': 'case when value_start = periods.period_start then value else -value end',
                'year_earlier_revenue': 'case when value_start = periods.year_earlier_period_start then value else 0 end',
            },
        },
        'season': {
            'rows': 'values_of_kpis', 'fact': 'kpi_values', 'key': 'metric', 'where': "metric = 'net_revenue'", 'own': true,
            'day': 'value_start', 'tables': ['returns'],
            'share': boussole.half_at_the_ends(),
            'counts': same_entity ~ ' and value_start >= ' ~ boussole.add_months('periods.period_start', -6)
                ~ ' and value_start <= ' ~ boussole.add_months('periods.period_start', 6),
            'parts': {
                'season_revenue': 'case when value_start = periods.period_start then 12 * value else 0 end',
                'twelve_months_revenue': 'value * ' ~ boussole.half_at_the_ends(),
            },
        },
        'values': {
            'rows': 'values_of_kpis', 'fact': 'kpi_values', 'key': 'metric', 'where': "metric in ('clv_observed', 'cac')", 'own': true,
            'day': 'value_start', 'counts': same_entity ~ ' and value_start = periods.period_start',
            'parts': {
                'clv_observed': "case when metric = 'clv_observed' then value else 0 end",
                'cac': "case when metric = 'cac' then value else 0 end",
            },
        },
    }) }}
{% endmacro %}

{# Thirteen months have the weight of twelve. #}
{% macro half_at_the_ends() %}
    {{ return('case when value_start in (' ~ boussole.add_months('periods.period_start', -6) ~ ', ' ~ boussole.add_months('periods.period_start', 6)
        ~ ') then 0.5 else 1 end') }}
{% endmacro %}

{# A state is aimed at for the end of the period; what is below counts where there is no target of its own. #}
{% macro target_counts() %}
    {{ return('target_month >= periods.period_start and target_month <= periods.period_end and (not is_state or target_month = '
        ~ boussole.month_of('periods.period_end') ~ ") and case periods.grain when 'rep' then entity_type = 'rep' "
        ~ "when 'team' then counts_for_team else counts_for_company end") }}
{% endmacro %}
