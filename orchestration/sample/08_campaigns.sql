-- Campaigns of one to four months in the channels where one pays for attention.
create table work.campaigns as
with numbered as (
    select
        cast(i + 1 as bigint) as campaign_no,
        list_extract(['paid_search', 'email', 'event', 'social'], 1 + cast(i as integer) % 4) as channel,
        cast(floor(i * 29.0 / getvariable('campaigns')) as integer) as first_month
    from range(getvariable('campaigns')) as numbers (i)
)

select
    campaign_no,
    printf('M%03d', campaign_no) as campaign_id,
    channel,
    case channel
        when 'paid_search' then 'Recherche' when 'email' then 'Lettre' when 'event' then 'Salon' else 'Réseaux' end
    || ' ' || pick(['Élan', 'Cap', 'Rentrée', 'Phare', 'Marée', 'Sillage', 'Escale'], 'campaign.name', campaign_no)
    || ' ' || campaign_no as campaign_name,
    case when chance('campaign.uk', campaign_no, 0.15) then 'GBP' else 'EUR' end as currency,
    cast(date '2023-01-01' + to_months(first_month) as date) as starts_on,
    cast(date '2023-01-01' + to_months(first_month + 1 + draw_days('campaign.length', campaign_no, 4)) as date) - 1
        as ends_on,
    60 + 190 * draw('campaign.budget', campaign_no) as daily_budget
from numbered;

create table raw.campaigns as
select
    campaign_id, campaign_name, channel, starts_on, ends_on,
    cast(starts_on as timestamp) - interval 20 day as updated_at,
    cast(null as varchar) as _plant
from work.campaigns;

-- Campaigns that run in a month, for leads and visits of their channel.
create table work.campaign_months as
select campaigns.channel, months.month_index, list(campaigns.campaign_no order by campaigns.campaign_no) as campaigns
from work.campaigns
inner join work.months on campaigns.starts_on <= months.month_start and campaigns.ends_on >= months.month_end
group by campaigns.channel, months.month_index;

-- Spend is larger with scale, since more leads are bought; one campaign in twenty was free.
create table raw.campaign_spend as
select
    campaigns.campaign_id,
    cast(days.day as date) as spend_date,
    money(
        campaigns.daily_budget * getvariable('scale')
        * (0.7 + 0.6 * draw('spend', campaigns.campaign_no * 100000 + epoch(days.day) // 86400))
    ) as amount,
    case when campaigns.campaign_no % 3 > 0 or campaigns.currency <> 'EUR' then campaigns.currency end as currency,
    exported(days.day + interval 30 hour) as updated_at,
    cast(null as varchar) as _plant
from work.campaigns
inner join range(date '2023-01-01', getvariable('last_day') + interval 1 day, interval 1 day) as days (day)
    on days.day between campaigns.starts_on and campaigns.ends_on
where extract(isodow from days.day) <= 5 and campaigns.campaign_no % 20 <> 13;
