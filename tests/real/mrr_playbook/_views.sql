create or replace temp view period_file as
select * from read_csv(getvariable('source_dir') || '/subscription_periods.csv', all_varchar = true)
