-- What the company costs each month: salaries and commissions by team, then marketing, rent and logistics for all.
create table raw.operating_costs as
with headcounts as (
    select stays.team_no, months.month_index, months.month_start, months.price_index, count(*) as reps
    from work.stays
    inner join work.months
        on stays.valid_from <= months.month_end and (stays.valid_to is null or stays.valid_to > months.month_start)
    group by stays.team_no, months.month_index, months.month_start, months.price_index
),

salaries as (
    select
        'salaries' as label, headcounts.month_index, headcounts.month_start,
        'sales' as cost_category, 'fixed' as cost_behaviour,
        headcounts.team_no, if(teams.region = 'UK', 'GBP', 'EUR') as currency,
        headcounts.reps * 4300 * headcounts.price_index as amount
    from headcounts
    inner join work.teams on headcounts.team_no = teams.team_no
),

commissions as (
    select
        'commissions', month_index, month_start, 'sales', 'variable', team_no, 'EUR',
        0.028 * cast(sum(amount) as double)
    from work.rep_targets
    where month_index < getvariable('months')
    group by month_index, month_start, team_no
),

company_wide (label, cost_category, cost_behaviour, base, growth_share) as (
    values
        ('marketing-team', 'marketing', 'fixed', 14000, 0.0), ('content', 'marketing', 'variable', 3500, 1.0),
        ('rent', 'other', 'fixed', 11000, 0.0), ('software', 'other', null, 5200, 0.0),
        ('logistics', 'other', 'variable', 7000, 1.0)
)

select
    printf('X%s-%02d-%s', label, coalesce(team_no, 0), strftime(month_start, '%Y%m')) as cost_id,
    month_start as cost_month,
    cost_category,
    cost_behaviour,
    team_id(team_no) as team_id,
    money(amount) as amount,
    currency,
    cast(null as varchar) as _plant
from (
    select * from salaries
    union all
    select * from commissions
    union all
    select
        company_wide.label, months.month_index, months.month_start,
        company_wide.cost_category, company_wide.cost_behaviour, null, null,
        company_wide.base * getvariable('scale') * months.price_index
        * (1 - company_wide.growth_share + company_wide.growth_share * months.season * months.growth)
        * (0.95 + 0.1 * draw('cost.' || company_wide.label, months.month_index))
    from company_wide
    cross join work.months
) as costs;
