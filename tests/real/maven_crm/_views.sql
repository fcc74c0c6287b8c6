create or replace temp view account_file as
select * from read_csv(getvariable('source_dir') || '/accounts.csv', all_varchar = true);

create or replace temp view pipeline_file as
select * from read_csv(getvariable('source_dir') || '/sales_pipeline.csv', all_varchar = true);
