-- NPS is asked of contacts of recent buyers, CSAT after an order, a ticket or a meeting; one in five answers.
create table work.invitations as
with asked as (
    select 'nps' as survey_type, 'none' as touchpoint, purchase_no as source_no, account_no,
        day + 20 + draw_days('nps.day', purchase_no, 60) as sent_on
    from work.purchases
    where chance('nps', purchase_no, 0.9)
    union all
    select 'csat', 'order', purchase_no, account_no, day + 2 + draw_days('csat.order_day', purchase_no, 12)
    from work.purchases
    where chance('csat.order', purchase_no, 0.75)
    union all
    select 'csat', 'ticket', ticket_no, account_no, opened_on + 4
    from work.tickets
    where chance('csat.ticket', ticket_no, 0.8)
    union all
    select 'csat', 'activity', deal_no, account_no, created_on + 1
    from work.deals
    where account_no is not null and chance('csat.meeting', deal_no, 0.4)
)

select row_number() over (order by sent_on, survey_type, touchpoint, source_no) as invitation_no, *
from asked
where sent_on <= getvariable('last_day');

create table raw.survey_invitations as
select
    printf('I%05d', invitation_no) as invitation_id,
    survey_type,
    business_hours(sent_on, 'invitation', invitation_no) as sent_at,
    printf('C%05d', account_no) as account_id,
    cast(null as varchar) as _plant
from work.invitations;

-- A few respondents answer again within days, usually within the month; only their latest answer counts in the NPS.
create table work.responses as
with answered as (
    select
        invitation_no, survey_type, touchpoint, source_no, account_no, 1 as ordinal,
        sent_on + draw_days('response.day', invitation_no, 9) as responded_on
    from work.invitations
    where chance('response', invitation_no, 0.21)
),

repeated as (
    select
        * replace (2 as ordinal, responded_on + 1 + draw_days('response.again_day', invitation_no, 5) as responded_on)
    from answered
    where survey_type = 'nps' and chance('response.again', invitation_no, 0.03)
)

select responses.*, responses.invitation_no * 2 + responses.ordinal as response_key, owners.rep_no, reps.skill
from (
    select * from answered
    union all
    select * from repeated
) as responses
inner join work.owners
    on responses.account_no = owners.account_no
    and holds_on(responses.responded_on, owners.valid_from, owners.valid_to)
inner join work.reps on owners.rep_no = reps.rep_no
where responses.responded_on <= getvariable('last_day');

create table raw.survey_responses as
with scored as (
    select
        *,
        draw('response.score', response_key) - 0.35 * (skill - 1) as mood,
        draw('response.style', response_key) as style
    from work.responses
)

select
    printf('V%05d-%d', invitation_no, ordinal) as response_id,
    survey_type,
    business_hours(responded_on, 'response.time', invitation_no) + to_minutes(cast(ordinal * 3 as bigint))
        as responded_at,
    cast(case
        when survey_type = 'nps' then
            case when mood < 0.26 then 10 when mood < 0.50 then 9 when mood < 0.68 then 8 when mood < 0.82 then 7
                when mood < 0.89 then 6 when mood < 0.94 then 5 else draw_integer('response.low', response_key, 5) end
        else
            if(style < 0.1, 2, 1)
            * case
                when mood < 0.42 then 5 when mood < 0.76 then 4 when mood < 0.89 then 3 when mood < 0.96 then 2 else 1 end
    end as decimal(18, 4)) as score,
    cast(case when survey_type = 'csat' and style < 0.5 then if(style < 0.1, 10, 5) end as decimal(18, 4)) as scale_max,
    case when not chance('response.no_account', response_key, 0.03) then printf('C%05d', account_no) end as account_id,
    case when not chance('response.no_contact', invitation_no, 0.2)
        then contact_id(account_no, 1 + draw_integer('response.contact', invitation_no, contact_count(account_no)))
    end as contact_id,
    case when not chance('response.no_rep', response_key, 0.35) then rep_id(rep_no) end as rep_id,
    case when touchpoint = 'order' then order_id(source_no) end as order_id,
    case when touchpoint = 'ticket' then printf('TK%05d', source_no) end as ticket_id,
    case when touchpoint = 'activity' then 'AD' || source_no || '-1' end as activity_id,
    case
        when style > 0.9 then pick([
            'Très réactif, merci', 'Livraison rapide, équipe à l''écoute', 'Prix un peu élevé',
            E'Bon produit,\nmais la documentation est incomplète', 'Il a dit « deux jours », ce fut "deux semaines"',
            E'Installation : parfaite\r\nSuivi : à revoir'
        ], 'response.comment', response_key)
    end as comment,
    exported(business_hours(responded_on, 'response.time', invitation_no) + interval 10 minute) as updated_at,
    cast(null as boolean) as is_deleted,
    case when ordinal = 2 then 'second_answer' end as _plant
from scored;
