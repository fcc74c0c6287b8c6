-- Month-to-date net revenue is the sum of the days so far (NULL counts 0): the pace that a rep sees must be made of the days that it sees.
select
    today.rep_id,
    today.date_day,
    max(today.month_to_date_net_revenue) as month_to_date_net_revenue,
    sum(earlier.net_revenue) as sum_of_days
from {{ ref('rep_daily_kpis') }} as today
inner join {{ ref('rep_daily_kpis') }} as earlier
    on
        today.rep_id = earlier.rep_id
        and {{ month_of('today.date_day') }} = {{ month_of('earlier.date_day') }}
        and today.date_day >= earlier.date_day
group by today.rep_id, today.date_day
having coalesce(max(today.month_to_date_net_revenue), 0) <> coalesce(sum(earlier.net_revenue), 0)
