"""The mistakes that `make mutants` makes, and which of them it chooses."""

import pytest

from tests.conftest import REPOSITORY
from tests.mutants.mutations import LAYERS, Mutation, all_mutations, chosen, layer_of, mutations_of_file


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
