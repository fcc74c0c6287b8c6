{#
  Divide amounts over the rows of each partition by weight so that the parts add up exactly: each part is cut towards zero at 4 (money) or 8
  (shares) decimals, and the last row by the total order takes the remainder. Weights below 0 count 0; when all are 0, rows weigh the same.
  Answers a select of every column of `relation` and, per `amounts` item, the part under its new name.
  A NULL amount has NULL parts.
#}
{% macro allocate(relation, amounts, weight, partition_by, order_by, scale=4) -%}
{%- set partition = partition_by | join(', ') -%}
select
    parted.*,
    {%- for part, amount in amounts.items() %}
    cast(case
        when _is_last_part
            then {{ amount }} - coalesce(sum(case when not _is_last_part then _cut_{{ part }} end) over (partition by {{ partition }}), 0)
        else _cut_{{ part }}
    end as decimal(18, {{ scale }})) as {{ part }}{% if not loop.last %},{% endif %}
    {%- endfor %}
from (
    select
        weighed.*,
        {%- for part, amount in amounts.items() %}
        {{ exact_share(amount, '_weight', '_total_weight', scale) }} as _cut_{{ part }},
        {%- endfor %}
        row_number() over (partition by {{ partition }} order by {{ order_by | join(' desc, ') }} desc) = 1 as _is_last_part
    from (
        select
            positive.*,
            case when _sum_of_weights > 0 then _positive_weight else 1 end as _weight,
            case when _sum_of_weights > 0 then _sum_of_weights else _count_of_parts end as _total_weight
        from (
            select
                amounts.*,
                coalesce(greatest({{ weight }}, 0), 0) as _positive_weight,
                sum(coalesce(greatest({{ weight }}, 0), 0)) over (partition by {{ partition }}) as _sum_of_weights,
                count(*) over (partition by {{ partition }}) as _count_of_parts
            from {{ relation }} as amounts
        ) as positive
    ) as weighed
) as parted
{%- endmacro %}
