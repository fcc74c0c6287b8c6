-- The file is separated by blanks, one or more, with a blank before the first column.
create or replace temp view purchases as
with lines as (
    select
        unnest(string_split(content, chr(10))) as line,
        generate_subscripts(string_split(content, chr(10)), 1) as line_number
    from read_text(getvariable('source_dir') || '/CDNOW_master.txt')
),

fields as (
    select
        line_number - 1 as purchase_number,
        string_split_regex(trim(line, ' ' || chr(13)), ' +') as field
    from lines
    where line_number > 1 and trim(line, ' ' || chr(13)) <> ''
)

select
    purchase_number,
    field[1] as customer_id,
    substr(field[2], 1, 4) || '-' || substr(field[2], 5, 2) || '-' || substr(field[2], 7, 2) as purchase_date,
    field[3] as cds,
    field[4] as dollars
from fields
