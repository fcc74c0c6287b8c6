-- The right way with such a file: the mapping is told that slashes are m/d/yyyy in both columns, and that dashes are
-- d-m-yy in the engage date but m-d-yy in the close date.
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
    ) as engage_date,
    cast(
        cast(
            case
                when contains(close_date, '/') then strptime(close_date, '%m/%d/%Y')
                else strptime(close_date, '%m-%d-%y')
            end as date
        ) as varchar
    ) as close_date
)
from read_csv(getvariable('source_dir') || '/messy_variants/sales_pipeline__huyentpham.csv', all_varchar = true);
