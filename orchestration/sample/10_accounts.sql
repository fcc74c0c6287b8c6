-- Three in ten accounts were there before the CRM and buy again in its first quarter; the others are won month by
-- month.
create table work.account_months as
with old as (
    select month_index, cast(round(getvariable('accounts') * share) as bigint) as events
    from (values (0, 0.12), (1, 0.10), (2, 0.08)) as shares (month_index, share)
)

select month_index, events, true as is_legacy from old
union all
select month_index, events, false
from monthly_counts(getvariable('accounts') - (select sum(events) from old));

-- Accounts are numbered in the order of their arrival, so the first n are those known in a month.
create table work.account_slots as
with expanded as (
    select is_legacy, month_index, unnest(range(events)) as ordinal
    from work.account_months
)

select
    row_number() over (order by is_legacy desc, month_index, ordinal) as account_no,
    is_legacy,
    month_index as first_month
from expanded;

create table work.known_accounts as
select months.month_index, count(*) as accounts
from work.months
inner join work.account_slots on account_slots.is_legacy or account_slots.first_month < months.month_index
group by months.month_index;

create table work.accounts as
with placed as (
    select
        account_slots.*,
        region_at(draw('account.region', account_no)) as region,
        draw('account.segment', account_no) as segment_draw
    from work.account_slots
),

described as (
    select
        placed.account_no,
        placed.is_legacy,
        placed.first_month,
        placed.region,
        pick(regions.teams, 'account.team', placed.account_no) as team_no,
        case
            when placed.region = 'DACH' then pick(['DE', 'DE', 'DE', 'AT'], 'account.country', placed.account_no)
            when placed.region = 'UK' then pick(['GB', 'GB', 'GB', 'GB', 'US'], 'account.country', placed.account_no)
            when placed.region = 'Île-de-France'
                then pick(['FR', 'FR', 'FR', 'FR', 'FR', 'US'], 'account.country', placed.account_no)
            else 'FR'
        end as country,
        case when segment_draw < 0.58 then 'SMB' when segment_draw < 0.9 then 'Mid-market' else 'Enterprise' end
            as segment,
        case when segment_draw < 0.58 then 0.8 when segment_draw < 0.9 then 1.25 else 2.2 end as size_factor,
        placed.is_legacy or chance('account.buys', placed.account_no, 0.88) as is_customer,
        -- how many months the account goes on buying: many leave early, some never
        cast(floor(
            2 + 90 * draw('account.life', placed.account_no) * sqrt(draw('account.life', placed.account_no))
        ) as integer) as life_months,
        0.10 + 0.55 * draw('account.pace', placed.account_no) as pace,
        pick(months.working_days, 'account.first_day', placed.account_no) as first_day,
        cast(12 + floor(95 * draw_low('account.cycle', placed.account_no)) as integer)
            as cycle_days
    from placed
    inner join work.regions on placed.region = regions.region
    inner join work.months on placed.first_month = months.month_index
),

-- Two accounts, and a few more at scale, write their orders in a currency that has no rate.
without_rate as (
    select account_no
    from described
    where country = 'AT' and segment = 'SMB'
    order by mixed('account.chf', account_no)
    limit 2 + cast(floor(getvariable('accounts') * 0.0005) as integer)
)

select
    described.* replace (case when without_rate.account_no is null then country else 'CH' end as country),
    printf('C%05d', described.account_no) as account_id,
    case
        when without_rate.account_no is not null then 'CHF'
        when country = 'GB' then 'GBP' when country = 'US' then 'USD' else 'EUR'
    end as currency,
    case
        when is_legacy then date '2019-01-07' + draw_days('account.created', described.account_no, 1400)
        -- the first deal; never before the CRM exists, nor on the day of the purchase itself
        else greatest(date '2023-01-02', first_day - cycle_days)
    end as created_on,
    channel_at(draw('account.channel', described.account_no)) as channel
from described
left join without_rate on described.account_no = without_rate.account_no;

update work.accounts set created_on = first_day - 1 where created_on >= first_day;
