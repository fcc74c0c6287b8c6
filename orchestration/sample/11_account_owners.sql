-- An account belongs to a rep of its team; when the rep leaves the team, a colleague takes it over the same day.
create table work.owners as
with recursive owners as (
    select
        accounts.account_no,
        accounts.team_no,
        1 as ordinal,
        greatest(accounts.created_on, stays.valid_from) as valid_from,
        stays.rep_no,
        stays.valid_to
    from (
        select
            accounts.account_no, accounts.team_no, accounts.created_on,
            pick(team_months.reps, 'account.owner', accounts.account_no) as rep_no
        from work.accounts
        inner join work.team_months
            on accounts.team_no = team_months.team_no
            and greatest(0, month_of(accounts.created_on)) = team_months.month_index
    ) as accounts
    inner join work.stays
        on accounts.rep_no = stays.rep_no
        and accounts.team_no = stays.team_no
        and greatest(accounts.created_on, date '2023-01-01') >= stays.valid_from
        and (stays.valid_to is null or greatest(accounts.created_on, date '2023-01-01') < stays.valid_to)

    union all

    select heirs.account_no, heirs.team_no, heirs.ordinal, heirs.valid_from, heirs.rep_no, stays.valid_to
    from (
        select
            owners.account_no, owners.team_no, owners.ordinal + 1 as ordinal, owners.valid_to as valid_from,
            pick(team_months.reps, 'account.heir', owners.account_no * 8 + owners.ordinal) as rep_no
        from owners
        inner join work.team_months
            on owners.team_no = team_months.team_no and month_of(owners.valid_to) = team_months.month_index
        where owners.valid_to is not null
    ) as heirs
    inner join work.stays
        on heirs.rep_no = stays.rep_no
        and heirs.team_no = stays.team_no
        and holds_on(heirs.valid_from, stays.valid_from, stays.valid_to)
)

select account_no, team_no, valid_from, rep_no, valid_to from owners;

-- A few accounts never got an owner in the CRM: what nobody is named for is credited to nobody.
create macro is_owned(account_no) as not chance('account.orphan', account_no, 0.02);

create table raw.account_owners as
select
    printf('C%05d', account_no) as account_id, valid_from, rep_id(rep_no) as rep_id, valid_to,
    cast(null as varchar) as _plant
from work.owners
where is_owned(account_no);

create table raw.accounts as
select
    accounts.account_id,
    pick(
        ['Ateliers', 'Groupe', 'Maison', 'Société', 'Compagnie', 'Établissements'],
        'account.prefix', accounts.account_no
    )
    || ' ' || pick(last_names(), 'account.name', accounts.account_no) || ' ' || accounts.account_no as account_name,
    accounts.segment,
    case when not chance('account.unclassified', accounts.account_no, 0.06) then
        pick(
            ['Industrie', 'Commerce', 'Santé', 'Banque', 'Transport', 'Énergie', 'Logiciel'],
            'account.industry', accounts.account_no
        )
    end as industry,
    accounts.country,
    business_hours(accounts.created_on, 'account.created_at', accounts.account_no) as created_at,
    case when is_owned(accounts.account_no) then rep_id(owners.rep_no) end as owner_rep_id,
    case when not chance('account.unknown_channel', accounts.account_no, if(accounts.is_legacy, 0.3, 0.04))
        then accounts.channel end as acquisition_channel,
    cast(null as varchar) as merged_into_account_id,
    exported(business_hours(owners.valid_from, 'account.updated', accounts.account_no) + interval 3 hour) as updated_at,
    cast(null as boolean) as is_deleted,
    'crm' as source_system,
    cast(null as varchar) as _plant
from work.accounts
inner join work.owners on accounts.account_no = owners.account_no and owners.valid_to is null;
