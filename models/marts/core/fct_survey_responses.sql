-- grain: one row per survey response by the as-of date
with responses as (
    select
        responses.response_id,
        responses.survey_type,
        responses.responded_at,
        responses.responded_date,
        responses.score,
        responses.scale_max,
        responses.contact_id,
        responses.account_id,
        survivors.customer_id,
        responses.rep_id,
        responses.order_id,
        responses.ticket_id,
        responses.activity_id,
        -- promoters and detractors are defined on the scale 0 to 10 only
        responses.score is not null and (responses.survey_type = 'csat' or responses.scale_max = 10) as is_valid,
        coalesce('contact ' || responses.contact_id, 'customer ' || survivors.customer_id, 'response ' || responses.response_id) as respondent
    from {{ ref('stg_crm__survey_responses') }} as responses
    cross join {{ ref('stg_run__clock') }} as clock
    left join {{ ref('int_account_survivors') }} as survivors on responses.account_id = survivors.account_id
    where responses.responded_date <= clock.as_of_date
),

credited as (
    select
        responses.*,
        coalesce(responses.rep_id, owners.rep_id, 'unassigned') as credited_rep_id
    from responses
    left join {{ ref('int_customer_owners') }} as owners
        on responses.customer_id = owners.customer_id and {{ held_on('owners', 'responses.responded_date') }}
),

final as (
    select
        credited.response_id,
        credited.survey_type,
        credited.responded_at,
        credited.responded_date,
        credited.score,
        credited.scale_max,
        credited.is_valid,
        credited.respondent,
        credited.contact_id,
        credited.customer_id,
        credited.credited_rep_id as rep_id,
        teams.team_id,
        credited.order_id,
        credited.ticket_id,
        credited.activity_id,
        credited.survey_type = 'csat' and credited.is_valid as is_csat,
        credited.survey_type = 'csat' and credited.is_valid
        and credited.score >= credited.scale_max * {{ var('csat_satisfied_from') }} as is_satisfied,
        credited.survey_type = 'nps' and credited.is_valid as is_nps,
        case
            when credited.survey_type <> 'nps' or not credited.is_valid then null
            when credited.score >= 9 then 'promoter'
            when credited.score <= 6 then 'detractor'
            else 'passive'
        end as nps_class,
        -- the latest answer of a respondent in the period speaks for it, company-wide
        {% for period in ['month', 'quarter', 'year'] %}
        credited.survey_type = 'nps' and credited.is_valid and row_number() over (
            partition by credited.survey_type, credited.is_valid, credited.respondent, {{ dbt.date_trunc(period, 'credited.responded_date') }}
            order by credited.responded_at desc, credited.response_id desc
        ) = 1 as is_latest_nps_of_{{ period }}{% if not loop.last %},{% endif %}
        {% endfor %}
    from credited
    inner join {{ ref('dim_rep_teams') }} as teams
        on credited.credited_rep_id = teams.rep_id and {{ held_on('teams', 'credited.responded_date') }}
)

select * from final
