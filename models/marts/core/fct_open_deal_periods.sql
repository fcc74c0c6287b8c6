-- grain: one row per deal and valid_from: a stretch of days on which the deal is open, in one stage and one team
with deals as (
    select
        opportunity_id,
        owner_rep_id,
        stage,
        is_open,
        created_date,
        expected_close_date,
        probability,
        amount,
        -- a deal of an unknown creation day is open for as long as anybody knows
        coalesce(created_date, cast('1900-01-01' as date)) as open_from,
        coalesce(close_date, cast('9999-12-31' as date)) as open_to
    from {{ ref('fct_opportunities') }}
),

day_stages as (
    select
        opportunity_id,
        stage,
        changed_date as valid_from,
        lead(changed_date) over (partition by opportunity_id order by changed_date) as next_valid_from
    from {{ ref('fct_opportunity_stages') }}
    where is_last_of_day
),

first_changes as (
    select
        opportunity_id,
        min(valid_from) as first_changed_date
    from day_stages
    group by opportunity_id
),

stages as (
    select
        opportunity_id,
        stage,
        valid_from,
        coalesce(next_valid_from, cast('9999-12-31' as date)) as valid_to
    from day_stages
    union all
    -- before the first change nobody knows, and without any change an open deal is where it is today
    select
        deals.opportunity_id,
        case when first_changes.opportunity_id is null and deals.is_open then deals.stage else 'unknown' end as stage,
        cast('1900-01-01' as date) as valid_from,
        coalesce(first_changes.first_changed_date, cast('9999-12-31' as date)) as valid_to
    from deals
    left join first_changes on deals.opportunity_id = first_changes.opportunity_id
),

-- the share of the closed deals that passed through a stage and were won
passed as (
    select distinct
        stages.stage,
        stages.opportunity_id,
        closed.is_won
    from {{ ref('fct_opportunity_stages') }} as stages
    inner join {{ ref('fct_opportunities') }} as closed on stages.opportunity_id = closed.opportunity_id
    where closed.is_closed
),

stage_win_rates as (
    select
        stage,
        {{ safe_divide('sum(case when is_won then 1 else 0 end)', 'count(*)') }} as win_rate
    from passed
    group by stage
),

pieces as (
    select
        deals.opportunity_id,
        deals.owner_rep_id,
        teams.team_id,
        stages.stage,
        greatest(deals.open_from, stages.valid_from, teams.valid_from) as valid_from,
        least(deals.open_to, stages.valid_to, teams.valid_to) as valid_to,
        deals.created_date,
        deals.expected_close_date,
        deals.amount,
        -- the probability that a deal has today says nothing about the days before it was closed
        coalesce(case when deals.is_open then cast(deals.probability as double) end, stage_win_rates.win_rate) as win_probability
    from deals
    inner join stages on deals.opportunity_id = stages.opportunity_id and deals.open_from < stages.valid_to and deals.open_to > stages.valid_from
    inner join {{ ref('dim_rep_teams') }} as teams
        on
            deals.owner_rep_id = teams.rep_id
            and deals.open_from < teams.valid_to and deals.open_to > teams.valid_from
            and stages.valid_from < teams.valid_to and stages.valid_to > teams.valid_from
    left join stage_win_rates on stages.stage = stage_win_rates.stage
    -- a deal that was reopened later was closed in between; one that the CRM calls open is, whatever its stage
    where
        not {{ stage_is_in(var('won_stages') + var('lost_stages'), 'stages.stage') }}
        or (deals.is_open and stages.valid_to = cast('9999-12-31' as date))
),

final as (
    select
        opportunity_id,
        valid_from,
        valid_to,
        owner_rep_id,
        team_id,
        stage,
        created_date,
        expected_close_date,
        amount,
        win_probability,
        {{ rounded_double('amount * win_probability') }} as weighted_amount
    from pieces
    where valid_from < valid_to
)

select * from final
