-- A subscription is a series of periods: the price changes once or twice, many end, and some of those come back.
create table work.subscriptions as
with taken as (
    select
        accounts.account_no, accounts.first_day, accounts.life_months, accounts.size_factor, accounts.currency,
        account_no * 16 + unnest(range(1, 1 + cast(floor(
            0.62 * getvariable('repeats_per_account') + draw('subscription.count', accounts.account_no)
        ) as bigint))) as subscription_no
    from work.accounts
    where accounts.is_customer
)

select
    subscription_no,
    account_no,
    currency,
    first_day + 3 + draw_days('subscription.start', subscription_no, 120) as started_on,
    case when chance('subscription.free', subscription_no, 0.01) then 0
        else round(size_factor * (45 + 420 * draw_low('subscription.mrr', subscription_no)), 0)
    end as mrr,
    3 + draw_integer('subscription.change', subscription_no, 11) as change_months,
    3 + draw_integer('subscription.again', subscription_no, 12) as next_change_months,
    least(life_months + 3, 2 + cast(floor(110 * draw('subscription.life', subscription_no)) as integer)) as live_months,
    case when chance('subscription.returns', subscription_no, 0.3)
        then 2 + draw_integer('subscription.away', subscription_no, 5) end as months_away
from taken;

create macro price_change(purpose, id) as
    list_extract([1.0, 1.25, 1.5, 1.1, 0.8, 0.6, 1.04, 1.04], 1 + draw_integer(purpose, id, 8));

create table work.subscription_periods as
with first_periods as (
    select
        subscription_no, account_no, currency, 1 as period_no, mrr, 0 as from_month,
        least(change_months, live_months) as to_month, started_on, live_months, months_away
    from work.subscriptions
),

second_periods as (
    select
        subscription_no, account_no, currency, 2 as period_no,
        mrr * price_change('subscription.price', subscription_no) as mrr,
        change_months as from_month, least(change_months + next_change_months, live_months) as to_month,
        started_on, live_months, months_away
    from work.subscriptions
    where change_months < live_months
),

third_periods as (
    select
        subscriptions.subscription_no, subscriptions.account_no, subscriptions.currency, 3 as period_no,
        second_periods.mrr * price_change('subscription.price.2', subscriptions.subscription_no) as mrr,
        subscriptions.change_months + subscriptions.next_change_months as from_month,
        subscriptions.live_months as to_month,
        subscriptions.started_on, subscriptions.live_months, subscriptions.months_away
    from work.subscriptions
    inner join second_periods on subscriptions.subscription_no = second_periods.subscription_no
    where subscriptions.change_months + subscriptions.next_change_months < subscriptions.live_months
),

-- back after some months, for good
returned_periods as (
    select
        subscription_no, account_no, currency, 9 as period_no, mrr * 0.9 as mrr,
        live_months + months_away as from_month, 999 as to_month, started_on, live_months, months_away
    from work.subscriptions
    where months_away is not null
)

select *, cast(started_on + to_months(cast(from_month as integer)) as date) as period_starts_on,
    case when to_month < 999 then cast(started_on + to_months(cast(to_month as integer)) as date) end as period_ends_on
from (
    select * from first_periods
    union all select * from second_periods
    union all select * from third_periods
    union all select * from returned_periods
) as periods
where from_month < to_month;

-- An ending is known two months ahead at most; later ones are open-ended today.
create table raw.subscriptions as
with known as (
    select
        periods.*,
        case when period_ends_on <= getvariable('last_day') + if(to_month = live_months, 60, 0) then period_ends_on end
            as known_end
    from work.subscription_periods as periods
    where period_starts_on <= getvariable('last_day')
)

select
    printf('S%06d', known.subscription_no) as subscription_id,
    known.period_starts_on as started_on,
    printf('C%05d', known.account_no) as account_id,
    list_extract(recurring.products, 1 + known.subscription_no % length(recurring.products)) as product_id,
    case when not chance('subscription.no_rep', known.subscription_no, 0.1) then rep_id(owners.rep_no) end as rep_id,
    known.known_end as ended_on,
    money(known.mrr) as mrr,
    known.currency,
    exported(business_hours(greatest(known.period_starts_on, least(known.known_end, getvariable('last_day'))),
        'subscription.updated', known.subscription_no * 16 + known.period_no)) as updated_at,
    cast(null as boolean) as is_deleted,
    case when known.known_end > getvariable('last_day') then 'planned_ending' end as _plant
from known
cross join (select list(product_id order by product_no) as products from work.products where is_recurring) as recurring
left join work.owners
    on known.account_no = owners.account_no
    and holds_on(known.period_starts_on, owners.valid_from, owners.valid_to);
