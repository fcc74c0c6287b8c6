-- Dirt that spans several rows. Each planted row is marked, so that nothing else is planted on it.

-- Accounts merged into the account that came just before; a chain of four; two that name each other.
create table work.merges as
with candidates as (
    select account_no, row_number() over (order by mixed('merge', account_no)) as rank
    from work.accounts
    where account_no % 5 = 3 and account_no > 20 and currency <> 'CHF'
),

last_rank as (
    select 6 + cast(floor(getvariable('accounts') * 0.002) as bigint) as n
)

select account_no, account_no - 1 as into_account_no, 'merged_account' as kind
from candidates
where rank > 2 and rank <= (select n from last_rank)
union all
select account_no - hop, account_no - hop - 1, 'merge_chain'
from candidates
cross join (values (0), (1), (2)) as hops (hop)
where rank = 1
union all
select account_no - hop, account_no - 1 + hop, 'merge_cycle'
from candidates
cross join (values (0), (1)) as hops (hop)
where rank = 2;

update raw.accounts
set merged_into_account_id = printf('C%05d', merges.into_account_no), _plant = merges.kind
from work.merges
where accounts.account_id = printf('C%05d', merges.account_no);

-- Two deals were won, reopened and won again; one of them has no close date, so that only its history tells the
-- latest win.
create table work.reopened as
select deal_no, created_at, closes_at, row_number() over (order by mixed('reopened', deal_no)) as rank
from work.deals
where is_won and closes_on - created_on >= 60 and closes_on < date '2025-05-01'
order by rank
limit 2 + cast(floor(getvariable('scale') / 10) as integer);

insert into raw.opportunity_stage_changes
select opportunity_id(deal_no), closes_at - to_days(cast(days as integer)), stage, 'reopened_deal'
from work.reopened
cross join (values (8, 'won'), (4, 'negotiation')) as changes (days, stage);

update raw.opportunities
set _plant = 'reopened_deal', close_date = case when reopened.rank % 2 = 1 then null else opportunities.close_date end
from work.reopened
where opportunities.opportunity_id = opportunity_id(reopened.deal_no);

-- Splits of two deals: one adds up to 0.9995, which is near enough; the other to 0.9, which is not.
create table work.odd_splits as
select deal_no, row_number() over (order by mixed('odd_splits', deal_no)) as rank
from work.deals
where is_won
    and opportunity_id(deal_no) not in (select opportunity_id from raw.opportunity_splits)
    and deal_no not in (select deal_no from work.reopened)
order by rank
limit 2;

insert into raw.opportunity_splits
select
    opportunity_id(odd_splits.deal_no), rep_id(parts.rep_no), cast(parts.share as decimal(18, 8)),
    case when odd_splits.rank = 1 then 'splits_nearly_add_up' else 'splits_do_not_add_up' end
from work.odd_splits
inner join (
    values (1, 4, 0.3332), (1, 5, 0.3332), (1, 6, 0.3331), (2, 4, 0.5), (2, 5, 0.4)
) as parts (rank, rep_no, share)
    on odd_splits.rank = parts.rank;

-- A rep who was lent to another team for two months without leaving the first.
insert into raw.team_memberships
select rep_id(4), date '2024-03-01', team_id(5), date '2024-05-01', 'overlapping_membership';

-- An order without any line is a sale of nothing.
create table work.empty_orders as
select order_id
from raw.orders
where status = 'completed' and _plant is null and opportunity_id is null
    and order_id not in (select order_id from raw.returns)
order by mixed('empty', order_id)
limit 2;

delete from raw.order_lines where order_id in (select order_id from work.empty_orders);
update raw.orders set _plant = 'order_without_lines' where order_id in (select order_id from work.empty_orders);

-- Returns that came in after the seller had moved to another team or left.
update raw.returns
set _plant = 'return_after_rep_moved'
from raw.orders, raw.team_memberships
where returns.order_id = orders.order_id
    and orders.rep_id = team_memberships.rep_id
    and orders.ordered_at >= team_memberships.valid_from
    and orders.ordered_at < team_memberships.valid_to
    and returns.returned_at >= team_memberships.valid_to;

-- What is written in a currency without rates; the orders are marked where they are made.
update raw.opportunities set _plant = 'currency_without_rate' where currency = 'CHF' and _plant is null;
update raw.subscriptions set _plant = 'currency_without_rate' where currency = 'CHF' and _plant is null;
