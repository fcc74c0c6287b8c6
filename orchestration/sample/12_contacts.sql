-- One to three people in each account.
create macro contact_id(account_no, ordinal) as printf('K%05d-%d', cast(account_no as bigint), cast(ordinal as bigint));
create macro contact_count(account_no) as 1 + draw_integer('contact.count', account_no, 3);

create table raw.contacts as
with people as (
    select account_no, created_on, unnest(range(1, contact_count(account_no) + 1)) as ordinal
    from work.accounts
),

named as (
    select
        *,
        pick(first_names(), 'contact.first', account_no * 4 + ordinal) as first_name,
        pick(last_names(), 'contact.last', account_no * 4 + ordinal) as last_name
    from people
)

select
    contact_id(account_no, ordinal) as contact_id,
    printf('C%05d', account_no) as account_id,
    first_name || ' ' || last_name as full_name,
    ascii(first_name) || '.' || ascii(last_name) || '@client' || account_no || '.example' as email,
    case when chance('contact.phone', account_no * 4 + ordinal, 0.4)
        then printf('+33 1 99 00 %02d %02d', account_no % 100, ordinal) end as phone,
    business_hours(created_on, 'contact.created', account_no * 4 + ordinal) as created_at,
    business_hours(created_on, 'contact.created', account_no * 4 + ordinal) + interval 1 hour as updated_at,
    cast(null as varchar) as _plant
from named;
