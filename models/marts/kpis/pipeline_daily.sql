-- grain: one row per day, team and stage with open deals
{# What a deal adds to the sums on the day it enters a stage and team, and takes from them on the day it leaves. #}
{% set measures = {
    'open_deals': '1', 'priced_deals': 'case when amount is not null then 1 else 0 end', 'open_pipeline': 'coalesce(amount, 0)',
    'weighable_deals': 'case when weighted_amount is not null then 1 else 0 end', 'weighted_pipeline': 'coalesce(weighted_amount, 0)',
    'dated_deals': 'case when created_date is not null then 1 else 0 end',
    'created_days': "coalesce(" ~ days_between("cast('1970-01-01' as date)", 'created_date') ~ ", 0)",
} %}

with calendar as (
    select
        min(date_day) as first_day,
        max(date_day) as last_day
    from {{ ref('dim_dates') }}
    where is_elapsed
),

changes as (
    {% for day, sign in [('greatest(periods.valid_from, calendar.first_day)', ''), ('periods.valid_to', '-')] %}
    {% if not loop.first %}union all{% endif %}
    select
        {{ day }} as date_day,
        periods.team_id,
        periods.stage,
        {% for measure, value in measures.items() %}
        {{ sign }}({{ value }}) as {{ measure }}{% if not loop.last %},{% endif %}
        {% endfor %}
    from {{ ref('fct_open_deal_periods') }} as periods
    cross join calendar
    where periods.valid_from <= calendar.last_day and periods.valid_to > calendar.first_day
    {% endfor %}
),

daily_changes as (
    select
        date_day,
        team_id,
        stage,
        {% for measure in measures %}
        sum({{ measure }}) as {{ measure }}{% if not loop.last %},{% endif %}
        {% endfor %}
    from changes
    group by date_day, team_id, stage
),

team_stages as (
    select
        team_id,
        stage,
        min(date_day) as first_day
    from daily_changes
    group by team_id, stage
),

spine as (
    select
        dates.date_day,
        team_stages.team_id,
        team_stages.stage
    from team_stages
    inner join {{ ref('dim_dates') }} as dates on team_stages.first_day <= dates.date_day
    where dates.is_elapsed
),

running as (
    select
        spine.date_day,
        spine.team_id,
        spine.stage,
    {% for measure in measures %}
    sum(coalesce(daily_changes.{{ measure }}, 0)) over so_far as {{ measure }}{% if not loop.last %},{% endif %}
    {% endfor %}
    from spine
    left join daily_changes
        on spine.date_day = daily_changes.date_day and spine.team_id = daily_changes.team_id and spine.stage = daily_changes.stage
    window so_far as (partition by spine.team_id, spine.stage order by spine.date_day rows between unbounded preceding and current row)
),

final as (
    select
        date_day,
        team_id,
        stage,
        cast(open_deals as bigint) as open_deals,
        cast({{ known_sum('open_pipeline', 'open_deals', 'priced_deals') }} as {{ money_type() }}) as open_pipeline,
        cast({{ known_sum('weighted_pipeline', 'open_deals', 'weighable_deals') }} as {{ money_type() }}) as weighted_pipeline,
        {{ safe_divide(
            'dated_deals * ' ~ days_between("cast('1970-01-01' as date)", 'date_day') ~ ' - created_days', 'dated_deals'
        ) }} as average_age_days,
        cast(dated_deals as bigint) as average_age_days_denominator
    from running
    where open_deals > 0
)

select * from final
