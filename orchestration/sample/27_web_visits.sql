-- Visitors by day and channel, with rows of their own for the campaigns that run.
create table raw.web_visits as
with days as (
    select
        cast(day as date) as visit_date,
        month_of(day) as month_index,
        case when extract(isodow from day) <= 5 then 1.0 else 0.45 end as rhythm
    from range(date '2023-01-01', getvariable('last_day') + interval 1 day, interval 1 day) as days (day)
),

channels (channel_no, channel, visitors) as (
    values
        (0, 'organic', 190), (1, 'paid_search', 130), (2, 'email', 60), (3, 'event', 18),
        (4, 'referral', 45), (5, 'partner', 25), (6, 'social', 70)
),

rows_by_source as (
    select days.*, channels.channel, cast(null as bigint) as campaign_no, channels.visitors
    from days
    cross join channels
    union all
    select days.*, campaigns.channel, campaigns.campaign_no, 30
    from days
    inner join work.campaigns on days.visit_date between campaigns.starts_on and campaigns.ends_on
    where campaigns.channel <> 'event'
)

select
    rows_by_source.visit_date,
    rows_by_source.channel,
    campaign_id(rows_by_source.campaign_no) as campaign_id,
    cast(round(
        rows_by_source.visitors * getvariable('scale') * rows_by_source.rhythm
        * (0.5 + 0.5 * months.season) * months.growth * (0.7 + 0.6 * draw(
            'visitors.' || rows_by_source.channel,
            epoch(rows_by_source.visit_date) // 86400 * 100000 + coalesce(rows_by_source.campaign_no, 0)
        ))
    ) as bigint) as visitors,
    cast(null as varchar) as _plant
from rows_by_source
inner join work.months on rows_by_source.month_index = months.month_index
where rows_by_source.rhythm = 1 or rows_by_source.campaign_no is null;
