-- A subsidiary is a customer of its own, so `subsidiary_of` is no merge and is left out.
select
    account as account_id,
    account as account_name,
    case sector when 'technolgy' then 'technology' else sector end as industry,
    case office_location when 'Philipines' then 'Philippines' else office_location end as country
from account_file
order by account_id
