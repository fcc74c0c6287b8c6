-- Leads that became deals, and the many more that did not.
create table work.lead_drafts as
with linked as (
    select
        'deal' as kind,
        deals.deal_no as source_no,
        greatest(date '2023-01-02', deals.created_on - 1 - draw_days('lead.before', deals.deal_no, 34)) as created_on,
        deals.deal_no,
        deals.account_no,
        case when deals.account_no is not null then accounts.team_no end as team_no,
        case when deals.kind <> 'other' and deals.created_on = accounts.created_on then accounts.channel end as channel,
        deals.created_at as converted_at
    from work.deals
    left join work.accounts on deals.account_no = accounts.account_no
    where chance(
        'deal.lead', deals.deal_no,
        case deals.kind when 'prospect' then 1 when 'other' then 0.45
            else case when deals.created_on = accounts.created_on then 0.88 else 0.2 end end
    )
),

slots as (
    select month_index, slot_no(month_index, unnest(range(events))) as source_no
    from monthly_counts(6700 * getvariable('scale'))
),

unlinked as (
    select
        'other' as kind,
        slots.source_no,
        case when chance('lead.any_day', slots.source_no, 0.15)
            then months.month_start
                + draw_days('lead.day', slots.source_no, least(28, getvariable('last_day') - months.month_start + 1))
            else pick(months.working_days, 'lead.day', slots.source_no)
        end as created_on
    from slots
    inner join work.months on slots.month_index = months.month_index
),

drafts as (
    -- a lead is created before its deal, which for the first days of the history would be before the CRM
    select * replace (least(created_on, cast(converted_at as date)) as created_on) from linked
    union all
    select kind, source_no, created_on, null, null, null, null, null from unlinked
)

select row_number() over (order by created_on, kind, source_no) as lead_no, *
from drafts;

create table work.leads as
with described as (
    select
        * replace (
            coalesce(team_no, 4 + draw_integer('lead.team', lead_no, getvariable('teams') - 3)) as team_no,
            coalesce(channel, channel_at(draw('lead.channel', lead_no))) as channel
        ),
        month_of(created_on) as month_index,
        -- one lead in twelve is a person who came before
        case when lead_no > 400 and chance('lead.again', lead_no, 0.08)
            then lead_no - 1 - draw_integer('lead.person', lead_no, 300) else lead_no end as person_no
    from work.lead_drafts
)

select
    described.*,
    coalesce(
        case when described.deal_no is null or described.created_on >= date '2023-02-01' then
            pick(team_months.reps, 'lead.rep', described.lead_no) end,
        deals.rep_no
    ) as rep_no,
    case when chance('lead.campaign', described.lead_no, 0.8)
        then pick(campaign_months.campaigns, 'lead.which', described.lead_no) end as campaign_no,
    case
        when described.converted_at is not null and described.created_on = cast(described.converted_at as date)
            then described.converted_at - to_minutes(30 + draw_integer('lead.minutes', described.lead_no, 90))
        else business_hours(described.created_on, 'lead.created', described.lead_no)
    end as created_at
from described
left join work.deals on described.deal_no = deals.deal_no
left join work.team_months
    on described.team_no = team_months.team_no and described.month_index = team_months.month_index
left join work.campaign_months
    on described.channel = campaign_months.channel and described.month_index = campaign_months.month_index;

create macro lead_id(lead_no) as printf('L%06d', cast(lead_no as bigint));
create macro campaign_id(campaign_no) as printf('M%03d', cast(campaign_no as bigint));

-- A converted lead names its deal, one in ten its account only; a few of the others were converted outside of the CRM.
create table raw.leads as
with described as (
    select
        *,
        draw('lead.status', lead_no) as status_draw,
        created_at + to_minutes(2000 + draw_integer('lead.converted', lead_no, 60000)) as converted_outside_at,
        pick(first_names(), 'lead.first', person_no) as first_name,
        pick(last_names(), 'lead.last', person_no) as last_name
    from work.leads
),

dated as (
    select
        * replace (
            case
                when deal_no is not null then converted_at
                when status_draw > 0.985 and converted_outside_at < cast(getvariable('last_day') as timestamp)
                    then converted_outside_at
            end as converted_at
        )
    from described
)

select
    lead_id(lead_no) as lead_id,
    created_at,
    case when not chance('lead.no_owner', lead_no, 0.05) then rep_id(rep_no) end as owner_rep_id,
    case when not chance('lead.no_channel', lead_no, 0.02) then channel end as channel,
    campaign_id(campaign_no) as campaign_id,
    case
        when converted_at is not null then 'converted'
        when created_on > getvariable('last_day') - 20 then 'new'
        when status_draw < 0.35 then 'disqualified' when status_draw < 0.6 then 'nurturing' else 'contacted'
    end as status,
    case when not chance('lead.no_email', person_no, 0.04)
        then ascii(first_name) || '.' || ascii(last_name) || person_no || '@lead.example' end as email,
    converted_at,
    case when account_no is not null then printf('C%05d', account_no) end as account_id,
    case when deal_no is not null and (account_no is null or not chance('lead.account_only', lead_no, 0.1))
        then printf('D%06d', deal_no) end as opportunity_id,
    exported(coalesce(converted_at, created_at + to_hours(1 + draw_integer('lead.updated', lead_no, 200)))
        + to_minutes(draw_integer('lead.lag', lead_no, 600))) as updated_at,
    cast(null as boolean) as is_deleted,
    cast(null as varchar) as _plant
from dated;

-- The campaign that a deal names is that of its lead.
create table work.deal_campaigns as
select deal_no, campaign_no
from work.leads
where deal_no is not null and campaign_no is not null and chance('deal.campaign', deal_no, 0.7);
