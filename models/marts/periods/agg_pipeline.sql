-- grain: one row per period_type and period_start: the deals that are open at the period's end
{# What a deal adds is defined with what explains it. #}
{% set explained = period_contributions().open_deals %}

with availability as (
    {{ availability(['open_pipeline']) | indent }}
),

open_deals as (
    select
        periods.period_type,
        periods.period_start,
        count(deals.opportunity_id) as open_deals,
        count(deals.amount) as priced_deals,
        count(deals.weighted_amount) as weighable_deals,
        -- a deal whose creation is not known has no age
        count(deals.created_date) as average_age_days_denominator,
        {% for part in ['average_age_days_numerator', 'open_pipeline', 'weighted_pipeline', 'closing_pipeline'] %}
        sum({{ explained.parts[part] }}) as {{ part }},
        {% endfor %}
        sum(case when deals.expected_close_date <= periods.period_end then 1 else 0 end) as closing_deals,
        sum(case when deals.expected_close_date <= periods.period_end and deals.amount is not null then 1 else 0 end) as priced_closing_deals
    from {{ ref('dim_periods') }} as periods
    left join {{ ref('fct_open_deal_periods') }} as deals
        on {{ explained.counts }}
    group by periods.period_type, periods.period_start
),

final as (
    select
        open_deals.period_type,
        open_deals.period_start,
        cast(case when availability.open_pipeline then open_deals.open_deals end as bigint) as open_deals,
        {% for part in ['numerator', 'denominator'] %}
        cast(case when availability.open_pipeline then coalesce(open_deals.average_age_days_{{ part }}, 0) end as bigint) as average_age_days_{{ part }},
        {% endfor %}
        {% for measure, rows, known in [
            ('open_pipeline', 'open_deals', 'priced_deals'), ('weighted_pipeline', 'open_deals', 'weighable_deals'),
            ('closing_pipeline', 'closing_deals', 'priced_closing_deals'),
        ] %}
        cast(case
            when availability.open_pipeline
                then {{ known_sum('open_deals.' ~ measure, 'open_deals.' ~ rows, 'open_deals.' ~ known) }}
        end as {{ money_type() }}) as {{ measure }}{% if not loop.last %},{% endif %}
        {% endfor %}
    from open_deals
    cross join availability
)

select * from final
