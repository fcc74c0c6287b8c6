create macro opportunity_id(deal_no) as printf('D%06d', cast(deal_no as bigint));

-- How far a deal got: four steps are possible between its creation and its end.
create table work.deal_steps as
with reached as (
    select
        deal_no, is_won, is_closed, created_at, closes_at,
        epoch(closes_at) - epoch(created_at) as seconds,
        case when is_won then 4 else 1 + draw_integer('deal.steps', deal_no, 4) end as steps
    from work.deals
),

steps as (
    select *, unnest(range(0, steps + 1)) as step from reached
),

timed as (
    select
        deal_no,
        step,
        list_extract(['qualification', 'discovery', 'proposal', 'validation', 'negotiation'], step + 1) as stage,
        created_at + to_seconds(cast(floor(
            seconds * case step when 0 then 0 else 0.18 * step + 0.12 * draw('deal.step', deal_no * 8 + step) end
        ) as bigint)) as changed_at
    from steps
)

select deal_no, step, stage, changed_at
from timed
where changed_at < cast(getvariable('last_day') as timestamp) + interval 20 hour
union all
select deal_no, 5, case when is_won then 'won' else 'lost' end, closes_at
from work.deals
where is_closed;

create table raw.opportunity_stage_changes as
select opportunity_id(deal_no) as opportunity_id, changed_at, stage, cast(null as varchar) as _plant
from work.deal_steps;

create table work.deal_amounts as
select
    purchase_no,
    cast(sum(sold_amount) as decimal(18, 4)) as amount,
    cast(sum(gross_amount) as decimal(18, 4)) as list_amount,
    min(product_no) as product_no
from work.order_lines
group by purchase_no;

-- A tenth of the open deals have an expected closing that has passed already. Closed deals say so in one of three ways.
create table raw.opportunities as
with last_steps as (
    select deal_no, arg_max(stage, step) as stage, max(changed_at) as changed_at
    from work.deal_steps
    group by deal_no
),

described as (
    select
        deals.*,
        accounts.account_id,
        coalesce(accounts.currency, 'EUR') as currency,
        last_steps.stage,
        last_steps.changed_at,
        coalesce(
            deal_amounts.amount,
            money(700 + 9000 * draw_low('deal.amount', deals.deal_no) * coalesce(accounts.size_factor, 1))
        ) as amount,
        deal_amounts.list_amount,
        deal_amounts.product_no,
        deal_campaigns.campaign_no,
        draw('deal.style', deals.deal_no) as style
    from work.deals
    inner join last_steps on deals.deal_no = last_steps.deal_no
    left join work.accounts on deals.account_no = accounts.account_no
    left join work.deal_amounts on deals.purchase_no = deal_amounts.purchase_no
    left join work.deal_campaigns on deals.deal_no = deal_campaigns.deal_no
)

select
    opportunity_id(deal_no) as opportunity_id,
    created_at,
    case when not chance('deal.no_owner', deal_no, 0.015) then rep_id(rep_no) end as owner_rep_id,
    account_id,
    printf('P%03d', coalesce(product_no, 1 + draw_integer('deal.product', deal_no, getvariable('products'))))
        as product_id,
    campaign_id(campaign_no) as campaign_id,
    case when is_anonymous or kind = 'prospect' then 'new' else 'existing' end as pipeline,
    case
        when stage = 'won' and style > 0.97 then 'Closed Won'
        when stage = 'won' and style > 0.94 then 'Gagné '
        when stage = 'lost' and style > 0.96 then 'PERDU'
        else stage
    end as stage,
    cast(case
        when not is_closed and style < 0.12 then null
        when stage = 'qualification' then 0.1 when stage = 'discovery' then 0.25 when stage = 'proposal' then 0.4
        when stage = 'validation' then 0.6
        when stage = 'negotiation' then 0.75 when stage = 'won' then 1 else 0
    end as decimal(18, 4)) as probability,
    amount,
    coalesce(list_amount, case when style < 0.5 then money(amount * 1.05) end) as list_amount,
    currency,
    case
        when is_closed and style between 0.50 and 0.51 then null
        when not is_closed and style > 0.9 then getvariable('last_day') - 5
        else closes_on
    end as close_date,
    case when style < 0.6 then is_closed end as is_closed,
    case when style < 0.6 then is_won and is_closed end as is_won,
    case when is_closed and not is_won and not chance('deal.no_reason', deal_no, 0.15)
        then pick(['price', 'competitor', 'no_budget', 'no_decision', 'timing'], 'deal.lost_reason', deal_no)
    end as lost_reason,
    exported(changed_at + to_minutes(5 + draw_integer('deal.updated', deal_no, 3000))) as updated_at,
    cast(null as boolean) as is_deleted,
    cast(null as varchar) as _plant
from described;

-- One deal in fourteen is shared with a colleague of the same team, a few with two.
create table raw.opportunity_splits as
with shared as (
    select
        deals.deal_no, deals.rep_no, deals.created_on,
        team_months.reps, chance('split.three', deals.deal_no, 0.15) and length(team_months.reps) >= 3 as is_three
    from work.deals
    inner join work.stays
        on deals.rep_no = stays.rep_no
        and holds_on(deals.created_on, stays.valid_from, stays.valid_to)
    inner join work.team_months
        on stays.team_no = team_months.team_no and month_of(deals.created_on) = team_months.month_index
    where chance('split', deals.deal_no, 0.05)
),

others as (
    select *, list_filter(reps, lambda rep: rep <> rep_no) as colleagues from shared
),

parts as (
    select deal_no, rep_no, cast(case when is_three then 0.5 else 0.6 end as decimal(18, 8)) as share
    from others
    where length(colleagues) >= 1
    union all
    select deal_no, list_extract(colleagues, 1 + deal_no % length(colleagues)), case when is_three then 0.3 else 0.4 end
    from others
    where length(colleagues) >= 1
    union all
    select deal_no, list_extract(colleagues, 1 + (deal_no + 1) % length(colleagues)), 0.2
    from others
    where is_three and length(colleagues) >= 2
)

select
    opportunity_id(deal_no) as opportunity_id, rep_id(rep_no) as rep_id, cast(share as decimal(18, 8)) as share,
    cast(null as varchar) as _plant
from parts;
