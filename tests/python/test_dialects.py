"""The SQL of the models translates to other engines; docs/DIALECTS.md says what a port would write."""

from pathlib import Path

import pytest

from tests.conftest import REPOSITORY, Warehouse
from tests.dialects.__main__ import render
from tests.dialects.check import DIALECTS, check, problems


@pytest.mark.parametrize(
    ("sql", "dialects"),
    [
        ("select list_transform(a, x -> x + 1) from t", set(DIALECTS)),
        ("select nobody_knows(a) from t", set(DIALECTS)),
        ("select sum(a) over (partition by b order by c nulls last rows 1 preceding) from t", {"bigquery"}),
        ("select a from t qualify row_number() over (order by a) = 1", set()),
        ("select timezone('UTC', a), median(a), try_cast(a as date), a // 2 from t", set()),
        ("select sum(a) over (partition by b order by c rows 1 preceding), cast(d as decimal(18, 4)) from t", set()),
    ],
)
def test_what_an_engine_does_not_have_is_found(sql: str, dialects: set[str]) -> None:
    assert {dialect for dialect in DIALECTS if list(problems(sql, dialect))} == dialects


def test_the_document_says_what_translating_the_models_shows(warehouse: Warehouse) -> None:
    files = warehouse.database.with_name(warehouse.database.name + ".files")
    report = check(files / "target" / "compiled" / "boussole" / "models")
    assert report.models > 100
    assert report.findings == []
    written = Path(REPOSITORY / "docs" / "DIALECTS.md").read_text(encoding="utf-8")
    assert written == render(report), "Run `make dialects` and commit the result."
