"""A raw folder or a setting that cannot be used: a clear error before anything is built, and nothing lost."""

import os
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.bad_input import page
from tests.bad_input.catalogue import Case, Refusal, load, write_tables
from tests.bad_input.registrar import Registrar
from tests.conftest import REPOSITORY, RunWarehouse, Warehouse, run_cli

CATALOGUE = load()
MONTH = "2024-03-01"
# Of these a rep has what its case says, and nothing else; the company has what its reps have.
COUNTED = [
    "net_revenue",
    "sales_count",
    "leads_created",
    "leads_converted",
    "opportunities_won",
    "won_amount",
    "calls",
]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for every warehouse of this file: dbt parses the project anew for each new path of a database."""
    return tmp_path_factory.mktemp("bad_input")


@pytest.fixture
def raw(place: Path) -> Path:
    """A small raw folder without a fault; nothing is built of it yet."""
    for name in ("raw", "published"):
        shutil.rmtree(place / name, ignore_errors=True)
    (place / "boussole.duckdb").unlink(missing_ok=True)
    folder = place / "raw"
    folder.mkdir()
    _write_good(folder)
    return folder


def _write_good(folder: Path) -> None:
    for name, text in CATALOGUE.good_folder.items():
        (folder / name).write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def registrar(tmp_path_factory: pytest.TempPathFactory) -> Registrar:
    """Reads raw folders as a run does before it builds anything; the project is parsed once for all of them."""
    return Registrar(tmp_path_factory.mktemp("refused"))


@pytest.mark.parametrize("refusal", CATALOGUE.refusals, ids=lambda one: one.name)
def test_a_folder_that_cannot_be_read_is_refused(refusal: Refusal, registrar: Registrar) -> None:
    if os.geteuid() == 0 and any(file.mode == 0 for file in refusal.files):
        pytest.skip("root may read every file")
    shutil.rmtree(registrar.raw, ignore_errors=True)
    registrar.raw.mkdir()
    _write_good(registrar.raw)
    for name in refusal.remove:
        (registrar.raw / name).unlink()
    for file in refusal.files:
        file.write(registrar.raw)
    message = registrar.read()
    assert message is not None, "the folder was read"
    text = " ".join(message.split())
    assert [word for word in refusal.words if word not in text] == [], message


def test_the_good_folder_is_read(registrar: Registrar) -> None:
    shutil.rmtree(registrar.raw, ignore_errors=True)
    registrar.raw.mkdir()
    _write_good(registrar.raw)
    assert registrar.read() is None


class Built:
    """The folder of every case that is read, built; and which case each raw record is of."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, owners: dict[str, list[str]]) -> None:
        self._connection = connection
        self._owners = owners | {file.path: [case.id] * 9 for case in CATALOGUE.cases for file in case.files}
        self.kpis: dict[tuple[str, str], Any] = {
            (rep, metric): value
            for rep, metric, value in self.rows(
                "select entity_id, metric, value from kpis.kpi_values "
                f"where grain = 'rep' and period_type = 'month' and period_start = date '{MONTH}'"
            )
        }

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return self._connection.execute(sql).fetchall()

    def quarantined(self) -> Counter[tuple[str, str, str]]:
        """Case, table, reason and column -> rows."""
        found = self.rows(
            "select source_file, record_number, table_name, reason || ' ' || column_name from quality.quarantined_rows"
        )
        return Counter((self._owners[file][record - 1], table, why) for file, record, table, why in found)

    def excluded(self) -> Counter[tuple[str, str, str]]:
        """Case, table and reason -> rows; the case is in the key."""
        found = self.rows("select row_key, table_name, exclusion_reason from quality.excluded_events")
        return Counter((re.split(r"[|-]", key.split("|")[0])[-1], table, why) for key, table, why in found)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, run_warehouse: RunWarehouse) -> Iterator[Built]:
    raw = tmp_path_factory.mktemp("read")
    owners = write_tables(CATALOGUE, raw)
    ran = run_warehouse(raw, as_of="2024-03-31", vars={"start_date": "2024-01-01"}, data_tests=False)
    with ran.connect() as connection:
        yield Built(connection, owners)


@pytest.mark.parametrize("case", CATALOGUE.cases, ids=lambda one: one.id)
def test_what_is_read_means_what_the_catalogue_says(case: Case, built: Built) -> None:
    for metric in [*COUNTED, *(name for name in case.kpis if name not in COUNTED)]:
        value = built.kpis.get((case.id, metric))
        if metric in case.kpis:
            assert value == case.kpis[metric], metric
        else:
            assert not value, metric
    for sql, answer in case.gives.items():
        rows = built.rows(sql.replace("<id>", case.id))
        assert len(rows) == 1, sql
        expected = answer.replace("<id>", case.id) if isinstance(answer, str) else answer
        assert (rows[0][0] if isinstance(expected, str) else float(rows[0][0])) == expected, sql


def _stated(kind: str) -> Counter[tuple[str, str, str]]:
    return Counter(
        (case.id, table, why)
        for case in CATALOGUE.cases
        for table, list_ in getattr(case, kind).items()
        for why in list_
    )


def test_what_is_set_aside_is_what_the_catalogue_says(built: Built) -> None:
    assert built.quarantined() == _stated("quarantined")


def test_what_is_excluded_is_what_the_catalogue_says(built: Built) -> None:
    assert built.excluded() == _stated("excluded")


@pytest.mark.parametrize("metric", COUNTED)
def test_no_kpi_holds_more_than_the_cases_say(metric: str, built: Built) -> None:
    stated = sum(case.kpis.get(metric) or 0 for case in CATALOGUE.cases)
    assert sum(value or 0 for (_, name), value in built.kpis.items() if name == metric) == pytest.approx(stated)


def test_no_raw_row_is_lost(built: Built) -> None:
    accounts = built.rows(
        "select table_name, rows_read, rows_staged + older_versions + later_versions + deleted + quarantined "
        "from quality.row_accounting where rows_read > 0"
    )
    assert len(accounts) > 20
    assert [row for row in accounts if row[1] != row[2]] == []


def test_the_page_of_the_catalogue_is_up_to_date() -> None:
    text = (REPOSITORY / page.DOCUMENT).read_text(encoding="utf-8")
    assert text == page.render(CATALOGUE), "Run `make bad-input` and commit the result."


def _run(raw: Path, place: Path, *arguments: str) -> tuple[int, str]:
    ran = run_cli(
        *("run", "--raw", str(raw), "--database", str(place / "boussole.duckdb")),
        *("--publish-dir", str(place / "published"), *arguments),
    )
    return ran.returncode, ran.stdout + ran.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--as-of", "2024-13-01"), ["--as-of", "YYYY-MM-DD"]),
        (("--vars", "{reporting_curency: USD}"), ["reporting_curency", "reporting_currency"]),
        (("--vars", "{low_n_threshold: few}"), ["low_n_threshold", "'few'", "whole number"]),
        (("--vars", "{reporting_time_zone: Mars}"), ["reporting_time_zone", "Mars", "Europe/Paris"]),
    ],
)
def test_a_bad_setting_is_refused(arguments: tuple[str, ...], words: list[str], raw: Path, place: Path) -> None:
    code, output = _run(raw, place, *arguments)
    assert code == 2, output
    text = " ".join(output.split())
    assert [word for word in words if word not in text] == [], output


def test_a_refused_run_loses_nothing(warehouse: Warehouse, raw: Path, place: Path) -> None:
    """A run on bad files into a copy of the sample's warehouse."""
    shutil.copy(warehouse.database, place / "boussole.duckdb")
    shutil.copytree(warehouse.publish_dir, place / "published", symlinks=True)
    (raw / "orders.csv").write_text("order_id,status\no1,completed\n", encoding="utf-8")
    before = _revenues(place)
    code, output = _run(raw, place)
    assert code == 2, output
    assert "Traceback" not in output
    assert _revenues(place) == before


def _revenues(place: Path) -> dict[Path, Any]:
    """What both databases say, by the file that they are."""
    found = {}
    for file in (place / "published" / "current" / "boussole.duckdb", place / "boussole.duckdb"):
        with duckdb.connect(str(file), read_only=True) as connection:
            (found[file.resolve()],) = connection.execute("select sum(net_revenue) from kpis.rep_daily_kpis").fetchall()
    assert all(revenue > 0 for (revenue,) in found.values())
    return found


MODELS_OF_REVENUE = ("--no-tests", "--select", "+rep_daily_kpis")


def test_a_changed_and_a_vanished_file_rebuild_their_table(raw: Path, place: Path) -> None:
    def revenue() -> object:
        with duckdb.connect(str(place / "boussole.duckdb"), read_only=True) as connection:
            return connection.execute("select sum(net_revenue) from kpis.rep_daily_kpis").fetchall()[0][0]

    (raw / "order_lines").mkdir()
    (raw / "order_lines.csv").rename(raw / "order_lines" / "2024.csv")
    assert _run(raw, place, *MODELS_OF_REVENUE)[0] == 0
    assert revenue() == 30
    # a new part is added to what was read before
    (raw / "order_lines" / "2025.csv").write_text("order_line_id,order_id,quantity,unit_price\nl3,o2,1,5\n")
    code, output = _run(raw, place, *MODELS_OF_REVENUE)
    assert (code, revenue()) == (0, 35), output
    assert "rebuilt" not in output
    (raw / "order_lines" / "2024.csv").write_text("order_line_id,order_id,quantity,unit_price\nl1,o1,1,20\n")
    code, output = _run(raw, place, *MODELS_OF_REVENUE)
    assert (code, revenue()) == (0, 25), output
    assert "order_lines/2024.csv has changed" in " ".join(output.split())
    (raw / "order_lines" / "2025.csv").unlink()
    code, output = _run(raw, place, *MODELS_OF_REVENUE)
    assert (code, revenue()) == (0, 20), output
    assert "order_lines/2025.csv has vanished" in " ".join(output.split())
