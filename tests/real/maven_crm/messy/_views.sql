-- The re-saved files as they are, dates untouched: the warehouse has to refuse them.
create or replace temp view account_file as
select *
from read_csv(getvariable('source_dir') || '/messy_variants/accounts.clean__huyentpham.csv', all_varchar = true);

create or replace temp view pipeline_file as
select *
from read_csv(getvariable('source_dir') || '/messy_variants/sales_pipeline__huyentpham.csv', all_varchar = true);
