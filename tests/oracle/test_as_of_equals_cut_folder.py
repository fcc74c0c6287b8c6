"""A warehouse as of a day equals a warehouse of the raw folder as it was on that day, in every cell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.conftest import REPOSITORY

from . import contract
from .clock import Clock
from .cut_folder import EVENT_DAYS, PARTS, cut_folder
from .random_folder import RandomFolder
from .raw import RawFolder
from .settings import Settings

DAY = date(2025, 3, 31)
RANDOM_DAY = date(2024, 4, 15)
SCHEMAS = ("kpis", "core")
# known before their day: plans, and the state of an open deal (docs/AS_OF.md)
MAY_BE_LATER = {
    ("reps", "hired_on"),
    ("campaigns", "starts_on"),
    ("campaigns", "ends_on"),
    ("targets", "target_month"),
    ("holidays", "holiday_date"),
}


def _read(folder: Path) -> RawFolder:
    settings = Settings.of(None)
    return RawFolder(folder, Clock(settings.zone), settings.reporting_currency)


def _raw_rows(folder: Path) -> Counter[str]:
    """Raw records by table."""
    raw = _read(folder)
    return Counter({table: raw.table(table, None).accounting.rows_read for table in contract.TABLES})


def _later_values(folder: Path, as_of: date) -> Iterator[str]:
    """What the rows that count date after a day."""
    raw, clock = _read(folder), Clock(Settings.of(None).zone)
    for table, columns in contract.TABLES.items():
        for chosen in raw.chosen(table, as_of):
            row = chosen.row or {}
            for column in columns:
                value = row.get(column.name)
                day = clock.business_date(value) if isinstance(value, datetime) else value
                if not isinstance(day, date) or day <= as_of or (table, column.name) in MAY_BE_LATER:
                    continue
                if column.name == "updated_at" and len(chosen.held) == 1:
                    continue  # the earliest version is all that is known
                if column.name == "close_date" and not row["is_closed"] and not row["is_won"]:
                    continue  # an estimate
                yield f"{table}.{column.name} = {value} of {chosen.version.key}"


def _differences(whole: Path, cut: Path) -> list[str]:
    """Relation, rows and columns in which two warehouses differ."""
    connection = duckdb.connect()
    connection.execute(f"attach '{whole}' as whole (read_only)")
    connection.execute(f"attach '{cut}' as cut (read_only)")
    relations = connection.execute(
        "select table_schema || '.' || table_name from information_schema.tables"
        " where table_catalog = 'whole' and list_contains(?, table_schema) order by all",
        [list(SCHEMAS)],
    ).fetchall()
    assert len(relations) > 40, "the schemas are not built"
    found = []
    for (relation,) in relations:
        rows = _only_in(connection, "*", relation, "whole", "cut"), _only_in(connection, "*", relation, "cut", "whole")
        if any(rows):
            described = connection.execute(f"from whole.{relation} limit 0").description or []
            columns = [str(column[0]) for column in described]
            differing = [c for c in columns if _only_in(connection, f'"{c}"', relation, "whole", "cut")]
            found.append(f"{relation}: {rows[0]} rows as of the day, {rows[1]} of the cut folder, in {differing}")
    connection.close()
    return found


def _only_in(connection: duckdb.DuckDBPyConnection, columns: str, relation: str, one: str, other: str) -> int:
    counted = connection.execute(
        f"select count(*) from (select {columns} from {one}.{relation}"
        f" except all select {columns} from {other}.{relation})"
    ).fetchone()
    return int(counted[0]) if counted else 0


@pytest.fixture(scope="module")
def cut_sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return cut_folder(REPOSITORY / "sample_data", tmp_path_factory.mktemp("cut"), DAY)


def test_the_cut_removes_rows_of_every_kind(cut_sample: Path) -> None:
    before, after = _raw_rows(REPOSITORY / "sample_data"), _raw_rows(cut_sample)
    cut = {table for table in before if after[table] < before[table]}
    assert cut >= {*EVENT_DAYS, *PARTS, "opportunities", "accounts"}
    assert all(after[table] > 0 for table in before)


def test_the_cut_leaves_nothing_dated_later(cut_sample: Path, tmp_path: Path) -> None:
    assert list(_later_values(cut_sample, DAY)) == []
    raw = RandomFolder(5).write(tmp_path / "raw")
    assert list(_later_values(cut_folder(raw, tmp_path / "cut", RANDOM_DAY), RANDOM_DAY)) == []
    # and there was something to remove, in every column that the rules speak of
    whole = [*_later_values(REPOSITORY / "sample_data", DAY), *_later_values(raw, RANDOM_DAY)]
    found = {text.split(" ", 1)[0] for text in whole}
    undone = {f"{table}.{column}" for table, columns in contract.UNDONE_AFTER_AS_OF.items() for column in columns}
    days = {f"{table}.{column}" for table, column in EVENT_DAYS.items()}
    assert found >= days | undone | {"opportunities.created_at", "opportunities.close_date", "accounts.created_at"}


def test_the_cut_can_be_cut_again(cut_sample: Path, tmp_path: Path) -> None:
    again = cut_folder(cut_sample, tmp_path, DAY)
    for path in sorted(cut_sample.glob("*.csv")):
        assert (again / path.name).read_bytes() == path.read_bytes(), path.name


def test_the_sample_as_of_a_day_equals_the_sample_of_that_day(
    run_warehouse: Callable[..., Any], cut_sample: Path
) -> None:
    whole = run_warehouse(REPOSITORY / "sample_data", as_of=str(DAY), data_tests=False)
    cut = run_warehouse(cut_sample, as_of=str(DAY), data_tests=False)
    differences = _differences(whole.database, cut.database)
    if differences:
        pytest.fail("\n".join(differences), pytrace=False)


def test_a_random_folder_as_of_a_day_equals_the_folder_of_that_day(
    run_warehouse: Callable[..., Any], tmp_path: Path
) -> None:
    raw = RandomFolder(5).write(tmp_path / "raw")
    whole = run_warehouse(raw, as_of=str(RANDOM_DAY), data_tests=False)
    cut = run_warehouse(cut_folder(raw, tmp_path / "cut", RANDOM_DAY), as_of=str(RANDOM_DAY), data_tests=False)
    differences = _differences(whole.database, cut.database)
    if differences:
        pytest.fail("\n".join(differences), pytrace=False)
