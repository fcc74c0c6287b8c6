-- A customer's first purchase, then repeat purchases whose pace decays with its age until the customer is lost.
-- Here and below, what is unnested is a table of its own: DuckDB 2.0.0 fails (internal error) on joins around an
-- unnest.
create table work.purchase_slots as
with repeats as (
    select
        accounts.account_no,
        months.month_index,
        months.month_index - accounts.first_month as age,
        accounts.pace
        * case accounts.segment when 'SMB' then 0.85 when 'Mid-market' then 1.1 else 1.45 end
        * getvariable('repeats_per_account')
        * months.season * months.share * (1 + 0.006 * months.month_index)
        * (0.50 + 0.50 / (1 + (months.month_index - accounts.first_month) / 5.0)) * 1.65 as expected
    from work.accounts
    inner join work.months
        on months.month_index > accounts.first_month
        and months.month_index - accounts.first_month <= accounts.life_months
    where accounts.is_customer
),

counted as (
    select *, cast(floor(expected + draw('purchase.count', account_no * 64 + month_index)) as bigint) as purchases
    from repeats
)

select account_no, month_index, age, unnest(range(1, purchases + 1)) as ordinal
from counted
where purchases > 0;

create table work.purchases as
with dated as (
    select
        slots.account_no, slots.age, slots.ordinal,
        pick(months.working_days, 'purchase.day', (slots.account_no * 64 + slots.month_index) * 64 + slots.ordinal)
            as day
    from work.purchase_slots as slots
    inner join work.months on slots.month_index = months.month_index

    union all

    select account_no, 0, 0, first_day
    from work.accounts
    where is_customer
)

select
    row_number() over (order by day, account_no, age, ordinal) as purchase_no,
    account_no,
    day,
    month_of(day) as month_index,
    ordinal = 0 as is_first,
    ordinal as ordinal_in_month
from dated;
