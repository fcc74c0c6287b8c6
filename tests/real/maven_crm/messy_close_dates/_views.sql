-- Half repaired: engage dates read by their formats, close dates as they are. A closed deal whose close date cannot be
-- read is neither closed on some day nor open.
create or replace temp view account_file as
select *
from read_csv(getvariable('source_dir') || '/messy_variants/accounts.clean__huyentpham.csv', all_varchar = true);

create or replace temp view pipeline_file as
select * replace (
    cast(
        cast(
            case
                when contains(engage_date, '/') then strptime(engage_date, '%m/%d/%Y')
                else strptime(engage_date, '%d-%m-%y')
            end as date
        ) as varchar
    ) as engage_date
)
from read_csv(getvariable('source_dir') || '/messy_variants/sales_pipeline__huyentpham.csv', all_varchar = true);
