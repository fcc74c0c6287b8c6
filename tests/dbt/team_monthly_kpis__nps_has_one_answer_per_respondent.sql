-- The teams' responses of a month are its respondents: each speaks once, company-wide, with the latest answer.
-- Otherwise one angry customer who answers five times is five detractors, or counts in two teams.
with respondents as (
    select
        {{ month_of('responded_date') }} as month,
        respondent,
        max(responded_at) as latest_at
    from {{ ref('fct_survey_responses') }}
    where is_nps
    group by {{ month_of('responded_date') }}, respondent
),

answers as (
    select
        respondent,
        responded_at,
        min(score) as lowest,
        max(score) as highest
    from {{ ref('fct_survey_responses') }}
    where is_nps
    group by respondent, responded_at
),

expected as (
    select
        respondents.month,
        count(*) as respondents,
        -- two answers of one instant: either may speak
        sum(case when answers.lowest >= 9 then 1 else 0 end) as fewest_promoters,
        sum(case when answers.highest >= 9 then 1 else 0 end) as most_promoters
    from respondents
    inner join answers on respondents.respondent = answers.respondent and respondents.latest_at = answers.responded_at
    group by respondents.month
),

teams as (
    select
        month,
        sum(nps_responses) as nps_responses,
        sum(promoters) as promoters
    from {{ ref('team_monthly_kpis') }}
    where nps_responses is not null
    group by month
)

select
    teams.month,
    teams.nps_responses,
    coalesce(expected.respondents, 0) as respondents,
    teams.promoters,
    coalesce(expected.fewest_promoters, 0) as fewest_promoters,
    coalesce(expected.most_promoters, 0) as most_promoters
from teams
left join expected on teams.month = expected.month
where
    teams.nps_responses <> coalesce(expected.respondents, 0)
    or teams.promoters < coalesce(expected.fewest_promoters, 0)
    or teams.promoters > coalesce(expected.most_promoters, 0)
