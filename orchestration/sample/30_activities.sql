-- Work on leads and deals, care of accounts, and what is planned after the last day.
create table work.activity_slots as
with lead_slots as (
    select lead_no, rep_no, created_on, unnest(range(1, 1 + draw_integer('lead.activities', lead_no, 4))) as ordinal
    from work.leads
),

deal_slots as (
    select
        deal_no, rep_no, account_no, created_on, least(closes_on, getvariable('last_day')) as last_on,
        unnest(range(1, 2 + draw_integer('deal.activities', deal_no, 4) + if(is_won, 1, 0))) as ordinal
    from work.deals
),

deal_days as (
    select
        deal_no, rep_no, account_no, ordinal,
        created_on + draw_days('deal.activity_day', deal_no * 8 + ordinal, last_on - created_on + 1) as day
    from deal_slots
),

care_months as (
    select month_index, slot_no(month_index, unnest(range(events))) as care_no
    from monthly_counts(13000 * getvariable('scale'))
),

care_slots as (
    select
        care_months.care_no,
        1 + draw_integer('care.account', care_months.care_no, known_accounts.accounts) as account_no,
        pick(months.working_days, 'care.day', care_months.care_no) as day
    from care_months
    inner join work.months on care_months.month_index = months.month_index
    inner join work.known_accounts on care_months.month_index = known_accounts.month_index
),

planned_slots as (
    select
        deal_no, rep_no, account_no,
        getvariable('last_day') + 1 + draw_days('deal.planned_day', deal_no, 40) as day
    from work.deals
    where not is_closed and chance('deal.planned', deal_no, 0.35)
)

select
    'AL' || lead_no || '-' || ordinal as activity_id,
    lead_no * 8 + ordinal as draw_id,
    'lead' as kind,
    rep_no,
    cast(null as bigint) as account_no,
    lead_no,
    cast(null as bigint) as deal_no,
    least(getvariable('last_day'), created_on + draw_days('lead.activity_day', lead_no * 8 + ordinal, 9)) as day
from lead_slots
union all
-- the account's rep of that day does the work; the deal's owner when there is no account
select
    'AD' || deal_days.deal_no || '-' || deal_days.ordinal,
    4000000000000 + deal_days.deal_no * 8 + deal_days.ordinal,
    'deal',
    coalesce(owners.rep_no, deal_days.rep_no),
    case when chance('activity.account', deal_days.deal_no * 8 + deal_days.ordinal, 0.7) then deal_days.account_no end,
    null, deal_days.deal_no, deal_days.day
from deal_days
left join work.owners
    on deal_days.account_no = owners.account_no
    and holds_on(deal_days.day, owners.valid_from, owners.valid_to)
union all
select
    'AC' || care_slots.care_no // 100000000 || '-' || care_slots.care_no % 100000000,
    8000000000000 + care_slots.care_no,
    'care',
    owners.rep_no, care_slots.account_no, null, null, care_slots.day
from care_slots
inner join work.owners
    on care_slots.account_no = owners.account_no
    and holds_on(care_slots.day, owners.valid_from, owners.valid_to)
union all
select
    'AP' || planned_slots.deal_no,
    9000000000000 + planned_slots.deal_no,
    'planned',
    coalesce(owners.rep_no, planned_slots.rep_no),
    planned_slots.account_no, null, planned_slots.deal_no, planned_slots.day
from planned_slots
left join work.owners on planned_slots.account_no = owners.account_no and owners.valid_to is null;

-- Nobody works on a Saturday or a Sunday: the Friday before.
create macro weekday_near(day) as
    day - cast(case when extract(isodow from day) > 5 then extract(isodow from day) - 5 else 0 end as integer);

create table raw.activities as
with typed as (
    select
        *,
        case when kind = 'planned' then day + 7 else day end as shifted_day,
        draw('activity.type', draw_id) as type_draw,
        draw('activity.outcome', draw_id) as outcome_draw,
        draw('activity.duration', draw_id) as duration_draw
    from work.activity_slots
),

named as (
    select
        *,
        case
            when kind = 'lead' then
                case when type_draw < 0.55 then 'call' when type_draw < 0.95 then 'email' else 'other' end
            when kind = 'care' then
                case when type_draw < 0.45 then 'call' when type_draw < 0.72 then 'email'
                    when type_draw < 0.95 then 'meeting' else 'other' end
            when kind = 'planned' then
                case when type_draw < 0.5 then 'meeting' when type_draw < 0.8 then 'call' else 'demo' end
            else
                case when type_draw < 0.36 then 'call' when type_draw < 0.56 then 'email'
                    when type_draw < 0.85 then 'meeting' else 'demo' end
        end as activity_type,
        business_hours(weekday_near(shifted_day), 'activity.time', draw_id) as started_at
    from typed
),

judged as (
    select
        *,
        case
            when kind = 'planned' then null
            when activity_type = 'call' then
                case when outcome_draw < 0.46 then 'connected' when outcome_draw < 0.86 then 'no_answer'
                    when outcome_draw < 0.95 then 'voicemail' end
            when activity_type in ('meeting', 'demo') then
                case when outcome_draw < 0.78 then 'held' when outcome_draw < 0.87 then 'cancelled'
                    when outcome_draw < 0.94 then 'no_show' end
        end as outcome
    from named
)

select
    activity_id,
    rep_id(rep_no) as rep_id,
    activity_type,
    started_at,
    cast(case
        when kind = 'planned' then null
        when chance('activity.untimed', draw_id, 0.03) then null
        when activity_type = 'call' then
            case
                when outcome = 'connected' then 45 + floor(1300 * duration_draw * duration_draw)
                when outcome = 'no_answer' then case when duration_draw < 0.7 then 0 end
                when outcome = 'voicemail' then 15 + floor(30 * duration_draw)
                else case when duration_draw < 0.5 then 60 + floor(600 * duration_draw) else 0 end
            end
        when activity_type in ('meeting', 'demo') then
            case when outcome = 'held' or outcome is null then 60 * (20 + 5 * floor(13 * duration_draw)) else 0 end
    end as bigint) as duration_seconds,
    outcome,
    case when account_no is not null then printf('C%05d', account_no) end as account_id,
    lead_id(lead_no) as lead_id,
    printf('D%06d', deal_no) as opportunity_id,
    -- what is planned was entered before the last day; what nobody touched again has no date of change
    case
        when kind = 'planned' then exported(started_at - interval 60 day)
        when chance('activity.untouched', draw_id, 0.35) then null
        else exported(started_at + to_minutes(60 + draw_integer('activity.updated', draw_id, 4000)))
    end as updated_at,
    cast(null as boolean) as is_deleted,
    case when kind = 'planned' then 'planned_activity' end as _plant
from judged;
