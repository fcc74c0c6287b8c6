-- Every first purchase of a new account and one repeat purchase in six is won as a deal; many more deals are lost or
-- still open.
create table work.deal_drafts as
with won as (
    select
        'won' as kind,
        purchases.purchase_no as source_no,
        purchases.purchase_no,
        purchases.account_no,
        case when purchases.is_first then accounts.created_on
            else greatest(
                date '2023-01-02',
                accounts.created_on,
                purchases.day - 8 - cast(floor(80 * draw_low('deal.cycle', purchases.purchase_no)) as integer)
            )
        end as created_on,
        purchases.day as closes_on
    from work.purchases
    inner join work.accounts on purchases.account_no = accounts.account_no
    where if(purchases.is_first, not accounts.is_legacy, chance('purchase.deal', purchases.purchase_no, 0.17))
),

-- accounts that never buy: their first deal is lost, or still open
first_lost as (
    select
        'prospect' as kind, account_no as source_no, null as purchase_no, account_no, created_on,
        created_on + cycle_days + 15 as closes_on
    from work.accounts
    where not is_customer and created_on <= getvariable('last_day')
),

other_slots as (
    select month_index, slot_no(month_index, unnest(range(events))) as source_no
    from monthly_counts(getvariable('lost_deals'))
),

-- lost deals are of accounts known that month; one in ten names no account
other_lost as (
    select
        'other' as kind,
        other_slots.source_no,
        null as purchase_no,
        case when not chance('other.no_account', other_slots.source_no, 0.1)
            then 1 + draw_integer('other.account', other_slots.source_no, known_accounts.accounts)
        end as account_no,
        pick(months.working_days, 'other.day', other_slots.source_no) as created_on,
        10 + cast(floor(120 * draw_low('other.cycle', other_slots.source_no)) as integer) as cycle_days
    from other_slots
    inner join work.months on other_slots.month_index = months.month_index
    inner join work.known_accounts on other_slots.month_index = known_accounts.month_index
),

drafts as (
    select * from won
    union all
    select * from first_lost
    union all
    select kind, source_no, purchase_no, account_no, created_on, created_on + cycle_days from other_lost
)

-- a deal is never created and closed on one day: a sales cycle is positive
select * replace (least(created_on, closes_on - 1) as created_on) from drafts;

create table work.deals as
with owned as (
    select
        deal_drafts.*,
        coalesce(owners.rep_no, pick(team_months.reps, 'deal.rep', deal_drafts.source_no)) as rep_no,
        owners.rep_no is null as is_anonymous
    from work.deal_drafts
    left join work.owners
        on deal_drafts.account_no = owners.account_no
        and holds_on(deal_drafts.created_on, owners.valid_from, owners.valid_to)
    left join work.team_months
        on month_of(deal_drafts.created_on) = team_months.month_index
        and 4 + draw_integer('deal.team', deal_drafts.source_no, getvariable('teams') - 3) = team_months.team_no
)

select
    row_number() over (order by owned.created_on, owned.kind, owned.source_no) as deal_no,
    owned.*,
    owned.kind = 'won' as is_won,
    owned.closes_on <= getvariable('last_day') as is_closed,
    business_hours(owned.created_on, 'deal.created', owned.source_no) as created_at,
    business_hours(owned.closes_on, 'deal.closed', owned.source_no) as closes_at
from owned
inner join work.reps on owned.rep_no = reps.rep_no
-- better reps lose fewer deals
where owned.kind <> 'other' or not chance('other.saved', owned.source_no, 0.9 * (reps.skill - 0.75));
