{#
  What each additive part of a KPI adds up, once: fct_rep_team_days is made of it, and `explain` lists the same rows.
  source -> `fact`, `key` (of a row), `where` (which rows count), `rep`, `team`, `day`, `share` of credit (default 1), `left_out` (other rows, by the
  reason why they do not count), `tables` (raw ones behind it that a metric does not need), and `parts`: part -> what a row adds to it. A row that
  does not count adds 0; NULL is what is not known.
#}
{% macro credited_contributions() %}
    {{ return({
        'leads': {
            'fact': 'fct_leads', 'key': 'lead_id', 'where': 'is_first_of_person',
            'rep': 'owner_rep_id', 'team': 'created_team_id', 'day': 'created_date',
            'left_out': {'same_person_as_an_earlier_lead': 'not is_first_of_person'},
            'parts': {'leads_created': '1', 'leads_converted_in_time': boussole.one_if('is_person_converted_in_time')},
        },
        'conversions': {
            'fact': 'fct_leads', 'key': 'lead_id', 'where': 'is_first_of_person and person_conversion_date is not null',
            'rep': 'owner_rep_id', 'team': 'converted_team_id', 'day': 'person_conversion_date',
            'left_out': {'same_person_as_an_earlier_lead': 'not is_first_of_person'},
            'parts': {'leads_converted': '1'},
        },
        'created_deals': {
            'fact': 'fct_opportunities', 'key': 'opportunity_id', 'where': 'created_date is not null',
            'rep': 'owner_rep_id', 'team': 'created_team_id', 'day': 'created_date',
            'parts': {'opportunities_created': '1'},
        },
        'closed_deals': {
            'fact': 'fct_opportunities', 'key': 'opportunity_id', 'where': 'is_closed',
            'rep': 'owner_rep_id', 'team': 'closed_team_id', 'day': 'close_date',
            'parts': {
                'opportunities_won': boussole.one_if('is_won'),
                'opportunities_lost': boussole.one_if('is_lost'),
                'won_amount': 'case when is_won then amount else 0 end',
                'lost_amount': 'case when is_lost then amount else 0 end',
                'won_with_amount': boussole.one_if('is_won and amount is not null'),
                'lost_with_amount': boussole.one_if('is_lost and amount is not null'),
            },
        },
        'activities': {
            'fact': 'fct_activities', 'key': 'activity_id', 'where': 'true',
            'rep': 'rep_id', 'team': 'team_id', 'day': 'started_date',
            'parts': {
                'activities': '1',
                'calls': boussole.one_if("activity_type = 'call'"),
                'connected_calls': boussole.one_if('is_connected_call'),
                'meetings': boussole.one_if("activity_type = 'meeting'"),
                'held_meetings': boussole.one_if('is_held_meeting'),
                'emails': boussole.one_if("activity_type = 'email'"),
                'demos': boussole.one_if("activity_type = 'demo'"),
                'call_seconds': "case when activity_type = 'call' then duration_seconds else 0 end",
                'meeting_seconds': "case when activity_type = 'meeting' then duration_seconds else 0 end",
                'calls_with_duration': boussole.one_if("activity_type = 'call' and duration_seconds is not null"),
                'meetings_with_duration': boussole.one_if("activity_type = 'meeting' and duration_seconds is not null"),
                'timed_calls': boussole.one_if('is_connected_call and duration_seconds > 0'),
                'timed_call_seconds': 'case when is_connected_call and duration_seconds > 0 then duration_seconds else 0 end',
                'timed_meetings': boussole.one_if('is_held_meeting and duration_seconds > 0'),
                'timed_meeting_seconds': 'case when is_held_meeting and duration_seconds > 0 then duration_seconds else 0 end',
            },
        },
        'sales': {
            'fact': 'fct_sale_credits', 'key': 'sale_line_id', 'where': 'is_revenue_basis', 'share': 'credit_share',
            'rep': 'rep_id', 'team': 'team_id', 'day': 'sale_date', 'tables': ['opportunity_splits'],
            'left_out': {'not_the_revenue_basis': 'not is_revenue_basis'},
            'parts': {
                'sales_count': 'sale_share',
                'basket_count': 'basket_share',
                'new_customers': 'first_sale_share',
                'units_sold': 'quantity',
                'gross_revenue': 'gross_amount',
                'discount_amount': 'discount_amount',
                'sold_amount': 'sold_amount',
                'basket_amount': 'case when is_basket then sold_amount else 0 end',
                'sale_rows': '1',
                'priced_sale_rows': boussole.one_if('sold_amount is not null'),
                'sale_lines': boussole.one_if('has_line'),
                'costed_sale_lines': boussole.one_if('cost_amount is not null'),
                'sold_cost_amount': 'cost_amount',
                'margin_sale_lines': boussole.one_if('sold_amount is not null and cost_amount is not null'),
                'margin_sold_amount': 'case when cost_amount is not null then sold_amount end',
                'margin_sold_cost_amount': 'case when sold_amount is not null then cost_amount end',
            },
        },
        'returns': {
            'fact': 'fct_return_credits', 'key': "return_id || ' ' || sale_line_id", 'where': 'is_revenue_basis', 'share': 'credit_share',
            'rep': 'rep_id', 'team': 'team_id', 'day': 'returned_date', 'tables': ['returns'],
            'left_out': {'not_the_revenue_basis': 'not is_revenue_basis'},
            'parts': {
                'returned_amount': 'returned_amount',
                'return_rows': '1',
                'priced_return_rows': boussole.one_if('returned_amount is not null'),
                'return_lines': boussole.one_if('has_line'),
                'costed_return_lines': boussole.one_if('returned_cost_amount is not null'),
                'returned_cost_amount': 'returned_cost_amount',
                'margin_return_lines': boussole.one_if('has_margin'),
                'margin_returned_amount': 'case when has_margin then returned_amount end',
                'margin_returned_cost_amount': 'case when has_margin then returned_cost_amount end',
            },
        },
    }) }}
{% endmacro %}

{% macro one_if(condition) %}{{ return('case when ' ~ condition ~ ' then 1 else 0 end') }}{% endmacro %}
