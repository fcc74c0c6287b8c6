-- grain: one row per period_type, period_start, dimension_name (all, channel, segment, team) and dimension_value: customers, persons and their revenue
{# A team has only the customers whom it owned on the evening before the period. #}
{% set sources = {
    'members': ['team', 'customers_at_start', 'customers_retained', 'customers_at_end', 'previous_buyers', 'returning_buyers', 'buyers'],
    'leads': ['leads_created', 'leads_converted_in_time'],
    'conversions': ['leads_converted'],
    'revenue': ['new_customers', 'sold_amount', 'returned_amount', 'customer_net_amount', 'customer_rows', 'priced_customer_rows', 'revenue_rows', 'priced_rows'],
    'visits': ['visitors'],
    'tickets': ['complaints'],
    'surveys': ['nps_responses', 'promoters', 'passives', 'detractors'],
} %}
{# Which customers are in the sets is defined with what explains them. #}
{% set explained = period_contributions().active_customers %}
{% set measures = sources.values() | sum(start=[]) | reject('equalto', 'team') | list %}

with periods as (
    select
        periods.period_type,
        periods.period_start,
        periods.counted_from,
        periods.period_end,
        periods.evening_before,
        periods.previous_period_start,
        periods.is_complete_period,
        -- nobody knows who bought in a part of a period that is before the calendar
        coalesce(previous.counted_from = previous.period_start, true) as is_previous_whole,
        periods.as_of_date
    from {{ ref('dim_periods') }} as periods
    left join {{ ref('dim_periods') }} as previous
        on periods.period_type = previous.period_type and periods.previous_period_start = previous.period_start
),

availability as (
    {{ availability([
        'leads_created', 'leads_converted', 'new_customers', 'net_revenue', 'customers_at_start', 'buyers', 'visitors', 'complaints', 'nps_responses'
    ]) | indent }}
),

customers as (
    select
        customer_id,
        coalesce(acquisition_channel, 'unknown') as channel,
        coalesce(account_segment, 'unknown') as segment
    from {{ ref('dim_customers') }}
),

-- a customer is in a set of the period at its start, at its end, or at both
active_sets as (
    select
        periods.period_type,
        periods.period_start,
        actives.customer_id,
        max({{ explained.team }}) as team,
        {{ explained.parts.customers_at_start }} as is_at_start,
        max(case when actives.evening_date = periods.period_end then 1 else 0 end) as is_at_end
    from periods
    inner join {{ ref('fct_active_customers') }} as actives
        on {{ explained.counts }}
    group by periods.period_type, periods.period_start, actives.customer_id
),

buyer_periods as (
    select distinct
        periods.period_type,
        periods.period_start,
        months.customer_id
    from {{ ref('fct_customer_months') }} as months
    inner join periods on {{ in_period('periods', 'months.month') }}
    where months.is_buyer
),

buyer_sets as (
    select
        periods.period_type,
        periods.period_start,
        buyers.customer_id,
        cast(null as {{ dbt.type_string() }}) as team,
        max(case when buyers.period_start = periods.previous_period_start then 1 else 0 end) as is_at_start,
        max(case when buyers.period_start = periods.period_start then 1 else 0 end) as is_at_end
    from periods
    inner join buyer_periods as buyers
        on periods.period_type = buyers.period_type and buyers.period_start in (periods.previous_period_start, periods.period_start)
    group by periods.period_type, periods.period_start, buyers.customer_id
),

sets as (
    {% for set_name in ['active', 'buyer'] %}
    {% if not loop.first %}union all{% endif %}
    select
        period_type,
        period_start,
        customer_id,
        team,
        {% for name in ['active', 'buyer'] %}
        {% for place, value in [('start', 'is_at_start'), ('both', 'is_at_start * is_at_end'), ('end', 'is_at_end')] %}
        {{ value if name == set_name else 0 }} as {{ name }}_{{ place }}{% if not (name == 'buyer' and loop.last) %},{% endif %}
        {% endfor %}
        {% endfor %}
    from {{ set_name }}_sets
    {% endfor %}
),

members as (
    select
        sets.period_type,
        sets.period_start,
        customers.channel,
        customers.segment,
        sets.team,
        sum(sets.active_start) as customers_at_start,
        sum(sets.active_both) as customers_retained,
        sum(sets.active_end) as customers_at_end,
        sum(sets.buyer_start) as previous_buyers,
        sum(sets.buyer_both) as returning_buyers,
        sum(sets.buyer_end) as buyers
    from sets
    inner join customers on sets.customer_id = customers.customer_id
    group by sets.period_type, sets.period_start, customers.channel, customers.segment, sets.team
),

persons as (
    select
        coalesce(leads.channel, 'unknown') as channel,
        coalesce(customers.segment, 'unknown') as segment,
        leads.created_date,
        leads.person_conversion_date,
        leads.is_person_converted_in_time
    from {{ ref('fct_leads') }} as leads
    left join customers on leads.customer_id = customers.customer_id
    where leads.is_first_of_person
),

leads as (
    select
        periods.period_type,
        periods.period_start,
        persons.channel,
        persons.segment,
        count(*) as leads_created,
        sum(case when persons.is_person_converted_in_time then 1 else 0 end) as leads_converted_in_time
    from persons
    inner join periods on {{ in_period('periods', 'persons.created_date') }}
    group by periods.period_type, periods.period_start, persons.channel, persons.segment
),

conversions as (
    select
        periods.period_type,
        periods.period_start,
        persons.channel,
        persons.segment,
        count(*) as leads_converted
    from persons
    inner join periods on {{ in_period('periods', 'persons.person_conversion_date') }}
    group by periods.period_type, periods.period_start, persons.channel, persons.segment
),

amounts as (
    select
        customer_id,
        sale_date as event_date,
        case when is_first_line and is_first_sale then 1 else 0 end as new_customers,
        sold_amount,
        cast(null as {{ money_type() }}) as returned_amount
    from {{ ref('fct_sales') }}
    where is_revenue_basis
    union all
    select
        customer_id,
        returned_date as event_date,
        0 as new_customers,
        cast(null as {{ money_type() }}) as sold_amount,
        returned_amount
    from {{ ref('fct_returns') }}
    where is_revenue_basis
),

revenue as (
    select
        periods.period_type,
        periods.period_start,
        coalesce(customers.channel, 'unknown') as channel,
        coalesce(customers.segment, 'unknown') as segment,
        sum(amounts.new_customers) as new_customers,
        sum(amounts.sold_amount) as sold_amount,
        sum(amounts.returned_amount) as returned_amount,
        sum(case when amounts.customer_id is not null then coalesce(amounts.sold_amount, 0) - coalesce(amounts.returned_amount, 0) end)
            as customer_net_amount,
        count(amounts.customer_id) as customer_rows,
        sum(case when amounts.customer_id is not null and coalesce(amounts.sold_amount, amounts.returned_amount) is not null then 1 else 0 end)
            as priced_customer_rows,
        count(*) as revenue_rows,
        count(amounts.sold_amount) + count(amounts.returned_amount) as priced_rows
    from amounts
    inner join periods on {{ in_period('periods', 'amounts.event_date') }}
    left join customers on amounts.customer_id = customers.customer_id
    group by periods.period_type, periods.period_start, coalesce(customers.channel, 'unknown'), coalesce(customers.segment, 'unknown')
),

visits as (
    select
        periods.period_type,
        periods.period_start,
        visits.channel,
        'unknown' as segment,
        sum(visits.visitors) as visitors
    from {{ ref('fct_web_visits') }} as visits
    inner join periods on {{ in_period('periods', 'visits.visit_date') }}
    group by periods.period_type, periods.period_start, visits.channel
),

tickets as (
    select
        periods.period_type,
        periods.period_start,
        coalesce(customers.channel, 'unknown') as channel,
        coalesce(customers.segment, 'unknown') as segment,
        count(*) as complaints
    from {{ ref('fct_tickets') }} as tickets
    inner join periods on {{ in_period('periods', 'tickets.opened_date') }}
    left join customers on tickets.customer_id = customers.customer_id
    where tickets.is_complaint
    group by periods.period_type, periods.period_start, coalesce(customers.channel, 'unknown'), coalesce(customers.segment, 'unknown')
),

surveys as (
    select
        periods.period_type,
        periods.period_start,
        coalesce(customers.channel, 'unknown') as channel,
        coalesce(customers.segment, 'unknown') as segment,
        count(*) as nps_responses,
        sum(case when responses.nps_class = 'promoter' then 1 else 0 end) as promoters,
        sum(case when responses.nps_class = 'passive' then 1 else 0 end) as passives,
        sum(case when responses.nps_class = 'detractor' then 1 else 0 end) as detractors
    from {{ ref('fct_survey_responses') }} as responses
    inner join periods on {{ in_period('periods', 'responses.responded_date') }}
    left join customers on responses.customer_id = customers.customer_id
    where {{ is_latest_nps_of('responses', 'periods.period_type') }}
    group by periods.period_type, periods.period_start, coalesce(customers.channel, 'unknown'), coalesce(customers.segment, 'unknown')
),

parts as (
    {{ aligned_union(sources, ['period_type', 'period_start', 'channel', 'segment'], ['team']) | indent }}
),

{% set dimensions = {'all': "'all'", 'channel': 'channel', 'segment': 'segment', 'team': 'team'} %}
summed as (
    {% for name, value in dimensions.items() %}
    {% if not loop.first %}union all{% endif %}
    select
        period_type,
        period_start,
        '{{ name }}' as dimension_name,
        {{ value }} as dimension_value,
        {% for measure in measures %}
        sum({{ measure }}) as {{ measure }}{% if not loop.last %},{% endif %}
        {% endfor %}
    from parts
    {% if name == 'team' %}
    where team is not null
    {% endif %}
    group by period_type, period_start{% if name != 'all' %}, {{ value }}{% endif %}

    {% endfor %}
),

dimension_values as (
    select
        'all' as dimension_name,
        'all' as dimension_value
    union all
    select
        'channel' as dimension_name,
        channel as dimension_value
    from {{ ref('dim_channels') }}
    union all
    select
        'segment' as dimension_name,
        segment as dimension_value
    from {{ ref('dim_segments') }}
    union all
    select
        'team' as dimension_name,
        team_id as dimension_value
    from {{ ref('dim_teams') }}
),

final as (
    select
        periods.period_type,
        periods.period_start,
        dimension_values.dimension_name,
        dimension_values.dimension_value,
        {% set not_of_teams = "dimension_values.dimension_name <> 'team'" %}
        -- the sets of an open period are not known before its end
        {% set ended = 'periods.is_complete_period' %}
        {% set compared = 'periods.is_previous_whole' %}
        {% set converted = add_days('periods.period_end', var('lead_conversion_days')) ~ ' <= periods.as_of_date' %}
        {% for measure, metric, condition, sum in [
            ('leads_created', 'leads_created', not_of_teams, 'leads_created'),
            ('leads_converted', 'leads_converted', not_of_teams, 'leads_converted'),
            ('new_customers', 'new_customers', not_of_teams, 'new_customers'),
            ('visitors', 'visitors', not_of_teams, 'visitors'),
            ('complaints', 'complaints', not_of_teams, 'complaints'),
            ('nps_responses', 'nps_responses', not_of_teams, 'nps_responses'),
            ('promoters', 'nps_responses', not_of_teams, 'promoters'),
            ('passives', 'nps_responses', not_of_teams, 'passives'),
            ('detractors', 'nps_responses', not_of_teams, 'detractors'),
            ('buyers', 'buyers', not_of_teams, 'buyers'),
            ('previous_buyers', 'buyers', not_of_teams ~ ' and ' ~ compared, 'previous_buyers'),
            ('returning_buyers', 'buyers', not_of_teams ~ ' and ' ~ compared ~ ' and ' ~ ended, 'returning_buyers'),
            ('purchase_retention_rate_denominator', 'buyers', not_of_teams ~ ' and ' ~ compared ~ ' and ' ~ ended, 'previous_buyers'),
            ('customers_at_start', 'customers_at_start', 'true', 'customers_at_start'),
            ('customers_retained', 'customers_at_start', ended, 'customers_retained'),
            ('customers_at_end', 'customers_at_start', not_of_teams ~ ' and ' ~ ended, 'customers_at_end'),
            ('customer_retention_rate_denominator', 'customers_at_start', ended, 'customers_at_start'),
            ('lead_conversion_rate_numerator', 'leads_converted', not_of_teams ~ ' and ' ~ converted, 'leads_converted_in_time'),
            ('lead_conversion_rate_denominator', 'leads_converted', not_of_teams ~ ' and ' ~ converted, 'leads_created'),
        ] %}
        cast(case when availability.{{ metric }} and {{ condition }} then coalesce(summed.{{ sum }}, 0) end as bigint) as {{ measure }},
        {% endfor %}
        cast(case
            when availability.customers_at_start and periods.is_complete_period
                then coalesce(summed.customers_at_start, 0) - coalesce(summed.customers_retained, 0)
        end as bigint) as customer_churn_rate_numerator,
        cast(case when availability.net_revenue and {{ not_of_teams }} then {{ known_sum(
            'coalesce(summed.sold_amount, 0) - coalesce(summed.returned_amount, 0)', 'summed.revenue_rows', 'summed.priced_rows'
        ) }} end as {{ money_type() }}) as net_revenue,
        cast(case
            when availability.net_revenue and {{ not_of_teams }}
                then {{ known_sum('summed.customer_net_amount', 'summed.customer_rows', 'summed.priced_customer_rows') }}
        end as {{ money_type() }}) as revenue_per_customer_numerator
    from periods
    cross join dimension_values
    cross join availability
    left join summed
        on
            periods.period_type = summed.period_type
            and periods.period_start = summed.period_start
            and dimension_values.dimension_name = summed.dimension_name
            and dimension_values.dimension_value = summed.dimension_value
)

select * from final
