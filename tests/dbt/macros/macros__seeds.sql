-- A seed's text arrives as it is written, quotes and accents too. An adapter that puts it between quotes as it is would cut it.
with expected as (
    {% set texts = ["Chiffre d'affaires d'un commercial", "Taux de réalisation des objectifs collectifs"] %}
    {% for text in texts %}
    {% if not loop.first %}union all{% endif %}
    select {{ sql_text(text) }} as label
    {% endfor %}
)

select expected.label
from expected
left join {{ ref('article_kpis') }} as loaded on expected.label = loaded.name_fr
where loaded.name_fr is null
