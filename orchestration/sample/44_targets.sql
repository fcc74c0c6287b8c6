-- Targets are set near what a rep sells: half the rep's average, half what the month brings, and ambition.
-- What the open month brings is not known yet. They reach to the end of the last year. Sums are of decimals: exact, so the order of addition does not matter.
create table work.target_months as
select
    cast(i as integer) as month_index,
    cast(date '2023-01-01' + to_months(cast(i as integer)) as date) as month_start,
    cast(last_day(date '2023-01-01' + to_months(cast(i as integer))) as date) as month_end,
    months.season
from range(36) as numbers (i)
inner join work.months on i - case when i >= getvariable('months') then 12 else 0 end = months.month_index;

create table work.rep_months as
with euros as (
    select
        order_lines.purchase_no,
        sum(cast(order_lines.sold_amount / currencies.price_factor as decimal(18, 2))) as sold_amount
    from work.order_lines
    inner join work.purchases on order_lines.purchase_no = purchases.purchase_no
    inner join work.accounts on purchases.account_no = accounts.account_no
    inner join work.currencies on accounts.currency = currencies.currency
    group by order_lines.purchase_no
),

sold as (
    select
        owners.rep_no, purchases.month_index,
        sum(euros.sold_amount) as sold_amount,
        count(*) as sales
    from work.purchases
    inner join euros on purchases.purchase_no = euros.purchase_no
    inner join work.owners
        on purchases.account_no = owners.account_no
        and holds_on(purchases.day, owners.valid_from, owners.valid_to)
    group by owners.rep_no, purchases.month_index
),

employed as (
    select stays.rep_no, stays.team_no, target_months.*
    from work.stays
    inner join work.target_months
        -- a month's target is that of the rep's team on its last day
        on holds_on(target_months.month_end, stays.valid_from, stays.valid_to)
    where stays.team_no > 3
),

joined as (
    select employed.*, coalesce(sold.sold_amount, 0) as sold_amount, coalesce(sold.sales, 0) as sales
    from employed
    left join sold on employed.rep_no = sold.rep_no and employed.month_index = sold.month_index
),

averaged as (
    select
        *,
        cast(sum(sold_amount) over (partition by rep_no) as double)
            / count(*) filter (where month_index < getvariable('months')) over (partition by rep_no) as usual_amount,
        cast(sum(sales) over (partition by rep_no) as double)
            / count(*) filter (where month_index < getvariable('months')) over (partition by rep_no) as usual_sales
    from joined
)

select
    rep_no, team_no, month_index, month_start,
    0.9 + 0.35 * draw('target.ambition', rep_no * 64 + month_index) as ambition,
    case when month_index < getvariable('months') - 1 then 0.5 * cast(sold_amount as double) + 0.5 * usual_amount * season
        else usual_amount * season * 1.1 end as expected_amount,
    case when month_index < getvariable('months') - 1 then 0.5 * sales + 0.5 * usual_sales * season
        else usual_sales * season * 1.1 end as expected_sales
from averaged
where usual_amount is not null;

-- Rounded as people do: to 500 euros, and to whole sales.
create table work.rep_targets as
select
    *,
    cast(greatest(2000, 500 * round(ambition * expected_amount / 500)) as decimal(18, 4)) as amount,
    cast(greatest(1, round(ambition * expected_sales)) as decimal(18, 4)) as sales
from work.rep_months;

-- Some teams have targets of their own, a little below the sum of their reps'; the company has not set all of its
-- months.
create table raw.targets as
with team_sums as (
    select team_no, month_index, month_start, sum(amount) as amount, sum(sales) as sales
    from work.rep_targets
    group by team_no, month_index, month_start
),

company_sums as (
    select month_index, month_start, sum(amount) as amount, sum(sales) as sales
    from work.rep_targets
    group by month_index, month_start
),

all_targets as (
    select
        month_start, 'rep' as entity_type, rep_id(rep_no) as entity_id, 'net_revenue' as metric,
        amount as target_value, 'EUR' as currency
    from work.rep_targets
    union all
    select month_start, 'rep', rep_id(rep_no), 'sales_count', sales, null
    from work.rep_targets
    where month_index >= 12
    union all
    select
        month_start, 'team', team_id(team_no), 'net_revenue',
        cast(500 * round(team_sums.amount * if(teams.region = 'UK', 0.8, 0.95) / 500) as decimal(18, 4)),
        if(teams.region = 'UK', 'GBP', 'EUR')
    from team_sums
    inner join work.teams using (team_no)
    where team_no % 3 <> 0
    union all
    select month_start, 'team', team_id(team_no), 'sales_count', cast(round(sales * 0.95) as decimal(18, 4)), null
    from team_sums
    where team_no % 2 = 0
    union all
    select
        month_start, 'company', 'company', 'net_revenue',
        cast(1000 * round(amount * 0.93 / 1000) as decimal(18, 4)), null
    from company_sums
    where month_index % 12 <> 7
    union all
    select month_start, 'company', 'company', 'sales_count', cast(round(sales * 0.93) as decimal(18, 4)), null
    from company_sums
    union all
    select month_start, 'company', 'company', 'mrr',
        cast(getvariable('scale') * (6000 + 3500 * month_index) as decimal(18, 4)), 'EUR'
    from company_sums
)

select
    month_start as target_month,
    entity_type,
    entity_id,
    metric,
    target_value,
    currency,
    least(cast(month_start as timestamp) - interval 10 day, exported(cast(month_start as timestamp))) as updated_at,
    cast(null as varchar) as _plant
from all_targets;
