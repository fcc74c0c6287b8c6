"""The mistakes that `make mutants` makes, which of them it chooses, and the page about them."""

import pytest

from tests.conftest import REPOSITORY
from tests.mutants.judge import DATA_TEST, MART, SAME_SQL, SURVIVED
from tests.mutants.mutations import LAYERS, Mutation, all_mutations, chosen, layer_of, mutations_of_file
from tests.mutants.page import judged, reasons, render


@pytest.mark.parametrize(
    ("line", "made"),
    [
        ("    inner join a as b", {"    left join a as b"}),
        (
            "    where day < 31 -- why",
            {"    where day <= 31 -- why", "    where day < 32 -- why", "    where true -- why"},
        ),
        ("    coalesce(f(a), 0) as b,", {"    f(a) as b,"}),
        ("    {{ safe_divide('won', 'closed') }}", {"    {{ safe_divide('closed', 'won') }}"}),
        ("    sum(a - b)", {"    max(a - b)", "    sum(a + b)"}),
        ("    -- a < b", set()),
        ("    {% if a < b %}", set()),
        ("    {# a < b #}", set()),
        ("    select * from a", set()),
    ],
)
def test_a_line_becomes(line: str, made: set[str]) -> None:
    assert {one.new for one in mutations_of_file("models/a.sql", line)} == made


def test_a_column_takes_the_expression_below_it() -> None:
    (found,) = mutations_of_file("models/a.sql", "select\n    a.one as x,\n    a.two as y\nfrom a")
    assert (
        found.apply("select\n    a.one as x,\n    a.two as y\nfrom a")
        == "select\n    a.two as x,\n    a.two as y\nfrom a"
    )


def test_macros_of_spark_are_not_mutated() -> None:
    text = "{% macro spark__f(a) -%}\na < 1\n{%- endmacro %}\n{% macro duckdb__f(a) -%}\na > 1\n{%- endmacro %}"
    assert {one.line for one in mutations_of_file("macros/engine/f.sql", text)} == {5}


def test_a_line_that_has_changed_is_not_mutated() -> None:
    with pytest.raises(ValueError, match="is not"):
        Mutation("models/a.sql", 1, "boundary", "a < b", "a <= b").apply("a > b")


def test_every_layer_is_mutated_and_the_choice_is_the_same() -> None:
    mutations = all_mutations(REPOSITORY)
    few, many = chosen(mutations, 20, seed=1), chosen(mutations, 200, seed=1)
    assert many[:20] == few
    assert len({one.id for one in many}) == 200
    assert {layer_of(one) for one in few} == set(LAYERS)
    assert chosen(mutations, 20, seed=2) != few


def test_each_reason_is_of_a_mistake_that_can_still_be_made() -> None:
    made = {(one.file, one.old.strip(), one.new.strip()) for one in all_mutations(REPOSITORY)}
    assert not reasons().keys() - made, "remove these from survivors.yml"


def test_the_page_counts_what_can_be_noticed() -> None:
    same = next(iter(reasons()))
    mutations = [Mutation(same[0], 1, "number", same[1], same[2])]
    mutations += [Mutation("models/marts/kpis/a.sql", line, "boundary", f"a < {line}", "b") for line in range(5)]
    ends = [SURVIVED, MART, MART, DATA_TEST, SURVIVED, SAME_SQL]
    verdicts = {one.id: ended for one, ended in zip(mutations, ends, strict=True)}
    text = render(judged([*mutations, Mutation("macros/b.sql", 1, "boundary", "not", "judged")], verdicts))
    assert "Killed: 3 of 4 (75.0%)" in text
    assert "| `models/marts/kpis/` | 5 | 3 of 4 (75.0%) | 2 | 1 | 0 | 0 | 1 | 0 | 1 | 0 |" in text
    noticed, equal = text.split("## Not noticed")[1].split("## The same in other words")
    assert "- a < 3\n+ b" in noticed
    assert f"+ {same[2]}" not in noticed
    assert f"+ {same[2]}" in equal
