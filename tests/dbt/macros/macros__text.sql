-- Text is matched anywhere unless the pattern is anchored; only blanks around it are cut; a cast that fails is NULL.
-- A row as JSON names every value, unknown ones too; a literal keeps quotes and backslashes.
with results as (
    {% set checks = [
        (sql_text("l'été") ~ " || '!'", "l'été!"), (dbt.length(sql_text('a\\b')), '3'), (dbt.length(sql_text("'")), '1'),
        (matches("'EUR'", '^[A-Z]{3}$'), 'true'), (matches("'EURO'", '^[A-Z]{3}$'), 'false'), (matches("'EURO'", '[A-Z]{3}'), 'true'),
        (matches("'12x50'", '^[0-9]+[.][0-9]+$'), 'false'), (matches("'12.50'", '^[0-9]+[.][0-9]+$'), 'true'), (matches("''", '^[0-9]*$'), 'true'),
        (matches('cast(null as ' ~ dbt.type_string() ~ ')', '[A-Z]'), none),
        (trimmed("' a b '"), 'a b'), (trimmed("chr(9) || 'a' || chr(10) || 'b' || chr(13) || chr(10)"), 'a' ~ '\n' ~ 'b'), (trimmed("'  '"), ''),
        (trimmed('cast(null as ' ~ dbt.type_string() ~ ')'), none),
        (attempt_cast("'12.345678'", 'decimal(18, 4)'), '12.3457'), (attempt_cast("'abc'", 'decimal(18, 4)'), none),
        (attempt_cast("'99999999999'", 'decimal(9, 4)'), none), (attempt_cast("'9223372036854775808'", 'bigint'), none),
        (attempt_cast("'2023-02-29'", 'date'), none), (attempt_cast("'2024-02-29'", 'date'), '2024-02-29'),
        (row_as_json({'id': "'a é'", 'said': "'\"oui\"'", 'amount': 'cast(null as ' ~ dbt.type_string() ~ ')'}),
            '{"id":"a é","said":"' ~ '\\"oui\\"' ~ '","amount":null}'),
    ] %}
    {% for expression, expected in checks %}
    {% if not loop.first %}union all{% endif %}
    select
        {{ loop.index }} as check_number,
        {{ sql_text(expected) if expected is not none else 'null' }} as expected,
        cast({{ expression }} as {{ dbt.type_string() }}) as actual
    {% endfor %}
)

select *
from results
where actual is distinct from expected
