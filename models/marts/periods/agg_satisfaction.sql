-- grain: one row per period_type, period_start, dimension_name (all, team, segment, product, platform, touchpoint) and dimension_value with an event;
-- the whole and every team have one in each period
{# A dimension that says nothing about an event is not among its columns, and the event is in no row of it. #}
{% set sources = {
    'answers': [
        'team', 'segment', 'touchpoint', 'csat_responses', 'csat_satisfied', 'nps_responses', 'promoters', 'passives', 'detractors', 'responses',
    ],
    'asked': ['team', 'segment', 'invitations'],
    'complained': ['team', 'segment', 'complaints'],
    'active': ['team', 'segment', 'customers_at_end'],
    'sold': ['segment', 'product', 'return_rate_numerator', 'return_rate_denominator'],
    'reviewed': ['segment', 'product', 'platform', 'review_count', 'replied_reviews'],
    'every_team': ['team'],
} %}
{% set dimensions = {
    'all': "'all'", 'team': 'team', 'segment': 'segment', 'product': 'product', 'platform': 'platform', 'touchpoint': 'touchpoint',
} %}
{% set own_dimensions = ['team', 'segment', 'product', 'platform', 'touchpoint'] %}
{# What a row adds to each measure is defined with what explains it. #}
{% set rows = period_contributions() %}
{% set measures = [] %}
{% for columns in sources.values() %}{% for column in columns if column not in own_dimensions %}{% do measures.append(column) %}{% endfor %}{% endfor %}

with periods as (
    select
        period_type,
        period_start,
        counted_from,
        period_end,
        is_complete_period,
        as_of_date
    from {{ ref('dim_periods') }}
),

availability as (
    {{ availability(['csat', 'nps', 'response_rate', 'complaints', 'customers_at_start', 'return_rate', 'average_rating']) | indent }}
),

customers as (
    select
        customer_id,
        coalesce(account_segment, 'unknown') as segment
    from {{ ref('dim_customers') }}
),

answers as (
    select
        periods.period_type,
        periods.period_start,
        facts.team_id as team,
        coalesce(customers.segment, 'unknown') as segment,
        {% for source in ['responses', 'latest_responses'] %}
        {% for part, added in rows[source].parts.items() %}
        case when {{ rows[source].where }} then {{ added }} else 0 end as {{ part }},
        {% endfor %}
        {% endfor %}
        case
            when facts.ticket_id is not null then 'ticket'
            when facts.order_id is not null then 'order'
            when facts.activity_id is not null then 'activity'
            else 'relationship'
        end as touchpoint
    from {{ ref('fct_survey_responses') }} as facts
    inner join periods on {{ in_period('periods', 'facts.responded_date') }}
    left join customers on facts.customer_id = customers.customer_id
),

asked as (
    select
        periods.period_type,
        periods.period_start,
        invitations.team_id as team,
        coalesce(customers.segment, 'unknown') as segment,
        1 as invitations
    from {{ ref('fct_survey_invitations') }} as invitations
    inner join periods on {{ in_period('periods', 'invitations.sent_date') }}
    left join customers on invitations.customer_id = customers.customer_id
),

complained as (
    select
        periods.period_type,
        periods.period_start,
        tickets.team_id as team,
        coalesce(customers.segment, 'unknown') as segment,
        1 as complaints
    from {{ ref('fct_tickets') }} as tickets
    inner join periods on {{ in_period('periods', 'tickets.opened_date') }}
    left join customers on tickets.customer_id = customers.customer_id
    where tickets.is_complaint
),

active as (
    select
        periods.period_type,
        periods.period_start,
        actives.owner_team_id as team,
        customers.segment,
        1 as customers_at_end
    from {{ ref('fct_active_customers') }} as actives
    inner join periods on actives.evening_date = periods.period_end
    inner join customers on actives.customer_id = customers.customer_id
),

sold as (
    select
        periods.period_type,
        periods.period_start,
        coalesce(customers.segment, 'unknown') as segment,
        coalesce(lines.product_id, 'unknown') as product,
        lines.quantity as return_rate_denominator,
        returned.quantity as return_rate_numerator
    from {{ ref('fct_sales') }} as lines
    inner join periods on {{ in_period('periods', 'lines.sale_date') }}
    left join customers on lines.customer_id = customers.customer_id
    left join {{ ref('fct_return_windows') }} as returned on lines.sale_line_id = returned.sale_line_id and lines.basis = 'orders'
    where lines.is_revenue_basis
),

reviewed as (
    select
        periods.period_type,
        periods.period_start,
        coalesce(customers.segment, 'unknown') as segment,
        coalesce(reviews.product_id, 'unknown') as product,
        reviews.platform,
        1 as review_count,
        case when reviews.reply_hours is not null then 1 else 0 end as replied_reviews,
        reviews.rating_share,
        reviews.reply_hours
    from {{ ref('fct_reviews') }} as reviews
    inner join periods on {{ in_period('periods', 'reviews.reviewed_date') }}
    left join customers on reviews.customer_id = customers.customer_id
),

-- so that a period without an event is 0 and not missing
every_team as (
    select
        periods.period_type,
        periods.period_start,
        teams.team_id as team
    from periods
    cross join {{ ref('dim_teams') }} as teams
),

parts as (
    {{ aligned_union(sources, ['period_type', 'period_start'], own_dimensions, type=money_type()) | indent }}
),

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
    {% if name != 'all' %}
    where {{ value }} is not null
    {% endif %}
    group by period_type, period_start{% if name != 'all' %}, {{ value }}{% endif %}

    {% endfor %}
),

-- ratings are doubles and replies have a median: neither is a sum of decimals
ratings as (
    {% for name, value in dimensions.items() if name not in ['team', 'touchpoint'] %}
    {% if not loop.first %}union all{% endif %}
    select
        period_type,
        period_start,
        '{{ name }}' as dimension_name,
        {{ value }} as dimension_value,
        -- a sum of doubles depends on the order of the rows
        cast(sum({{ rounded_double('rating_share', 'decimal(38, 16)') }}) as double) as average_rating_numerator,
        {{ median_of('reply_hours') }} as median_reply_hours
    from reviewed
    group by period_type, period_start{% if name != 'all' %}, {{ value }}{% endif %}

    {% endfor %}
),

final as (
    select
        periods.period_type,
        periods.period_start,
        periods.is_complete_period,
        summed.dimension_name,
        summed.dimension_value,
        {% for measure, available, measured_by in [
            ('csat_responses', 'csat', "('all', 'team', 'segment', 'touchpoint')"), ('csat_satisfied', 'csat', "('all', 'team', 'segment', 'touchpoint')"),
            ('nps_responses', 'nps', "('all', 'team', 'segment', 'touchpoint')"), ('promoters', 'nps', "('all', 'team', 'segment', 'touchpoint')"),
            ('passives', 'nps', "('all', 'team', 'segment', 'touchpoint')"), ('detractors', 'nps', "('all', 'team', 'segment', 'touchpoint')"),
            ('responses', 'csat', "('all', 'team', 'segment', 'touchpoint')"), ('invitations', 'response_rate', "('all', 'team', 'segment')"),
            ('complaints', 'complaints', "('all', 'team', 'segment')"),
            ('review_count', 'average_rating', "('all', 'segment', 'product', 'platform')"),
            ('replied_reviews', 'average_rating', "('all', 'segment', 'product', 'platform')"),
        ] %}
        cast(case when availability.{{ available }} and summed.dimension_name in {{ measured_by }} then coalesce(summed.{{ measure }}, 0) end as bigint)
            as {{ measure }},
        {% endfor %}
        cast(case
            when availability.customers_at_start and periods.is_complete_period and summed.dimension_name in ('all', 'team', 'segment')
                then coalesce(summed.customers_at_end, 0)
        end as bigint) as customers_at_end,
        {% for part in ['numerator', 'denominator'] %}
        -- units that may still come back are in neither part of the rate
        cast(case
            when
                availability.return_rate
                and summed.dimension_name in ('all', 'segment', 'product')
                and {{ add_days('periods.period_end', var('return_window_days')) }} <= periods.as_of_date
                then coalesce(summed.return_rate_{{ part }}, 0)
        end as {{ money_type() }}) as return_rate_{{ part }},
        {% endfor %}
        cast(case when availability.average_rating then ratings.average_rating_numerator end as double) as average_rating_numerator,
        cast(case when availability.average_rating then ratings.median_reply_hours end as double) as median_reply_hours
    from summed
    inner join periods on summed.period_type = periods.period_type and summed.period_start = periods.period_start
    cross join availability
    left join ratings
        on
            summed.period_type = ratings.period_type
            and summed.period_start = ratings.period_start
            and summed.dimension_name = ratings.dimension_name
            and summed.dimension_value = ratings.dimension_value
)

select * from final
