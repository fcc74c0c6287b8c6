-- Which channels bring leads that buy, and how fast? Persons whose window has passed; the days are those from the lead to its conversion.
with as_of as (
    select max(date_day) as as_of_date from {{ ref('dim_dates') }}
    where is_elapsed
),

persons as (
    select
        coalesce(leads.channel, 'unknown') as channel,
        leads.is_person_converted_in_time,
        {{ days_between('leads.created_date', 'leads.person_conversion_date') }} as days_to_convert
    from {{ ref('fct_leads') }} as leads
    cross join as_of
    where leads.is_first_of_person and {{ add_days('leads.created_date', var('lead_conversion_days')) }} <= as_of.as_of_date
)

select
    channel,
    count(*) as leads_created,
    sum(case when is_person_converted_in_time then 1 else 0 end) as leads_converted_in_time,
    {{ safe_divide('sum(case when is_person_converted_in_time then 1 else 0 end)', 'count(*)') }} as lead_conversion_rate,
    median(case when is_person_converted_in_time then days_to_convert end) as median_days_to_convert
from persons
group by channel
order by lead_conversion_rate desc, channel asc
