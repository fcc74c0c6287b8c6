"""A warehouse as of a day equals a warehouse of the raw folder as it was on that day, in every cell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY
from tests.harness.compiled import Compiled
from tests.harness.warehouse import Warehouse
from tests.properties.folders import build_folder

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


def _differences(whole: Warehouse, cut: Warehouse) -> list[str]:
    """Relation, rows and columns in which two warehouses differ."""
    relations = whole.connection.execute(
        "select table_schema || '.' || table_name from information_schema.tables"
        " where table_catalog = 'boussole' and list_contains(?, table_schema) order by all",
        [list(SCHEMAS)],
    ).fetchall()
    assert len(relations) > 40, "the schemas are not built"
    found = []
    for (relation,) in relations:
        rows, then = (Counter(one.connection.execute(f"from {relation}").fetchall()) for one in (whole, cut))
        if rows != then:
            described = whole.connection.execute(f"from {relation} limit 0").description or []
            columns = [
                str(column[0])
                for place, column in enumerate(described)
                if Counter(row[place] for row in rows.elements()) != Counter(row[place] for row in then.elements())
            ]
            found.append(
                f"{relation}: {(rows - then).total()} rows as of the day, {(then - rows).total()} of the cut folder,"
                f" in {columns}"
            )
    return found


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


def test_the_sample_as_of_a_day_equals_the_sample_of_that_day(compiled_as_of: Compiled, cut_sample: Path) -> None:
    _assert_same_as_of(compiled_as_of.as_of(DAY), REPOSITORY / "sample_data", cut_sample)


def test_a_random_folder_as_of_a_day_equals_the_folder_of_that_day(compiled_as_of: Compiled, tmp_path: Path) -> None:
    """Every column of facts and dimensions too; tests/properties compares the marts of more folders and days."""
    raw = RandomFolder(5).write(tmp_path / "raw")
    _assert_same_as_of(compiled_as_of.as_of(RANDOM_DAY), raw, cut_folder(raw, tmp_path / "cut", RANDOM_DAY))


def _assert_same_as_of(compiled: Compiled, raw: Path, cut_raw: Path) -> None:
    with build_folder(compiled, raw) as whole, build_folder(compiled, cut_raw) as cut:
        differences = _differences(whole, cut)
    if differences:
        pytest.fail("\n".join(differences), pytrace=False)
