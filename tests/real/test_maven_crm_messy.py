"""The same deals, re-saved with dates that no parser can read without being told their formats.

Slashes are m/d/yyyy in both columns; dashes are d-m-yy in the engage date but m-d-yy in the close date. Trying formats
in order misreads 2,972 rows without a word. Boussole reads YYYY-MM-DD only: such rows end in quarantine.
"""

import csv
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import duckdb
import pytest

from tests.real.conftest import RealWarehouse
from tests.real.figures import SALES

WON_AND_LOST = ["opportunities_won", "opportunities_lost", "won_amount", "lost_amount"]
DEALS_READ = 8800


class Variant(NamedTuple):
    """A messy variant, the column that its rows are refused for, and how many deals survive."""

    dataset: str
    column: str
    reason: str
    survivors: dict[str, int]


# Every row with a date has a bad engage date, which comes first in the contract; the half repaired file has only the
# bad dates of closed deals.
VARIANTS = [
    Variant("maven_crm_messy", "created_at", "not_a_timestamp", {"Prospecting": 500}),
    Variant("maven_crm_messy_close_dates", "close_date", "not_a_date", {"Engaging": 1589, "Prospecting": 500}),
]


class Run(NamedTuple):
    """A variant, its warehouse, and the raw deals that must be refused, by record number."""

    variant: Variant
    warehouse: duckdb.DuckDBPyConnection
    refused: dict[int, dict[str, str]]


@pytest.fixture(scope="module", params=VARIANTS, ids=lambda variant: variant.dataset)
def run(request: pytest.FixtureRequest, real_warehouse: Callable[[str], RealWarehouse]) -> Iterator[Run]:
    variant: Variant = request.param
    built = real_warehouse(variant.dataset)
    with (built.raw_dir / "opportunities.csv").open(encoding="utf-8", newline="") as file:
        refused = {number: row for number, row in enumerate(csv.DictReader(file), start=1) if row[variant.column]}
    with built.connect() as connection:
        yield Run(variant, connection, refused)


def test_told_the_formats_the_mapping_restores_the_original(raw_folder: Callable[[str], Path]) -> None:
    original = raw_folder("maven_crm") / "opportunities.csv"
    restored = raw_folder("maven_crm_messy_told_the_formats") / "opportunities.csv"
    assert restored.read_bytes() == original.read_bytes()


def test_every_row_with_such_a_date_is_quarantined_for_it(run: Run) -> None:
    query = "select record_number, row_key, raw_row, reason, column_name from quality.quarantined_rows"
    assert run.warehouse.sql(f"{query} where table_name <> 'opportunities'").fetchall() == []
    rows = run.warehouse.sql(query).fetchall()
    assert sorted(row[0] for row in rows) == sorted(run.refused)
    assert {(reason, column) for *_, reason, column in rows} == {(run.variant.reason, run.variant.column)}
    for number, row_key, raw_row, *_ in rows:
        deal = run.refused[number]
        assert deal["opportunity_id"] in row_key
        assert deal[run.variant.column] in raw_row


def test_counts_add_up(run: Run) -> None:
    survivors = sum(run.variant.survivors.values())
    query = """
        select rows_read, rows_staged, older_versions, later_versions, deleted, quarantined
        from quality.row_accounting where table_name = 'opportunities'
    """
    assert run.warehouse.sql(query).fetchall() == [(DEALS_READ, survivors, 0, 0, 0, len(run.refused))]
    assert len(run.refused) == DEALS_READ - survivors


def test_no_such_deal_is_in_the_facts(run: Run) -> None:
    stages = run.warehouse.sql("select stage, count(*) from core.fct_opportunities group by stage").fetchall()
    assert dict(stages) == run.variant.survivors
    deals = {deal for (deal,) in run.warehouse.sql("select opportunity_id from core.fct_opportunities").fetchall()}
    assert deals.isdisjoint(row["opportunity_id"] for row in run.refused.values())
    assert run.warehouse.sql("select count(*) from core.fct_sales").fetchall() == [(0,)]


@pytest.mark.parametrize("mart", ["kpis.rep_daily_kpis", "kpis.team_monthly_kpis"])
def test_no_such_deal_is_in_the_marts(run: Run, mart: str) -> None:
    totals = ", ".join(f"coalesce(sum({name}), 0)" for name in [*WON_AND_LOST, *SALES])
    assert set(run.warehouse.sql(f"select {totals} from {mart}").fetchall()[0]) == {0}
    created = f"select coalesce(sum(opportunities_created), 0) from {mart}"
    assert run.warehouse.sql(created).fetchall() == [(run.variant.survivors.get("Engaging", 0),)]
