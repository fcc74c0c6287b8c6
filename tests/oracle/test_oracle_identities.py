"""What must hold between the numbers of the oracle itself, over the sample and over folders full of rare cases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from .compute import Result, compute
from .parts import ADDITIVE
from .random_folder import RandomFolder

SAMPLE = Path(__file__).resolve().parents[2] / "sample_data"


@pytest.fixture(scope="module", params=["sample", 11, 12, 13])
def result(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Result]:
    if request.param == "sample":
        if not SAMPLE.is_dir():
            pytest.skip("no sample data")
        yield compute(SAMPLE)
    else:
        yield compute(RandomFolder(request.param).write(tmp_path_factory.mktemp("raw")))


def total(rows: list[dict[str, Any]], column: str) -> Decimal:
    return sum((Decimal(row[column] or 0) for row in rows), Decimal(0))


@pytest.mark.parametrize("column", ADDITIVE)
def test_reps_and_teams_add_up_to_the_same(result: Result, column: str) -> None:
    assert total(result.rep_daily, column) == total(result.team_monthly, column)


def test_gross_discount_sold_returned_and_net_agree(result: Result) -> None:
    for row in [*result.rep_daily, *result.team_monthly]:
        if row["gross_revenue"] is None:
            assert row["discount_amount"] is row["sold_amount"] is None
        else:
            assert row["gross_revenue"] - row["discount_amount"] == row["sold_amount"]
        assert (row["sold_amount"] or 0) - (row["returned_amount"] or 0) == (row["net_revenue"] or 0)


def test_each_dimension_has_every_customer_once(result: Result) -> None:
    sizes = {
        name: total(
            [r for r in result.cohorts if r["dimension_name"] == name and not r["months_since_first_purchase"]],
            "cohort_size",
        )
        for name in ("all", "segment", "channel", "team")
    }
    assert len(set(sizes.values())) == 1
    assert sizes["all"] == total(result.rep_daily, "new_customers")
    first = [r for r in result.cohorts if r["months_since_first_purchase"] == 0 and r["is_complete"]]
    assert {row["retention_rate"] for row in first} == {1.0}
    assert all(
        row["active_customers"] is None or row["active_customers"] <= row["cohort_size"] for row in result.cohorts
    )


def test_every_row_that_was_read_is_accounted_for(result: Result) -> None:
    def parts(row: Mapping[str, Any]) -> int:
        return sum(row[name] for name in ("rows_staged", "older_versions", "later_versions", "deleted", "quarantined"))

    assert all(row["rows_read"] == parts(row) for row in result.row_accounting)
    assert len(result.quarantine) == total(result.row_accounting, "quarantined")


def test_month_to_date_ends_at_the_month(result: Result) -> None:
    months: dict[tuple[str, Any], Decimal] = {}
    for row in result.rep_daily:
        key = (row["rep_id"], row["date_day"].replace(day=1))
        months[key] = months.get(key, Decimal(0)) + (row["net_revenue"] or 0)
        assert (row["month_to_date_net_revenue"] or 0) == months[key]
