-- The file as it was in January 2020: who left on 1 February had no end date yet.
create or replace temp view period_file as
select * replace (nullif(end_date, '2020-02-01') as end_date)
from read_csv(getvariable('source_dir') || '/subscription_periods.csv', all_varchar = true)
