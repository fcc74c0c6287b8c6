"""A raw folder or a setting that cannot be used: a clear error before anything is built, and nothing lost."""

import gzip
import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from tests.conftest import run_cli

ORDERS = (
    "order_id,ordered_at,account_id,rep_id,status\n"
    "o1,2024-03-01T10:00:00Z,a1,r1,completed\n"
    "o2,2024-03-02,a2,r1,completed\n"
)
LINES = "order_line_id,order_id,quantity,unit_price\nl1,o1,1,10\nl2,o2,2,10\n"


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
    (folder / "orders.csv").write_text(ORDERS, encoding="utf-8")
    (folder / "order_lines.csv").write_text(LINES, encoding="utf-8")
    return folder


def _truncated_gzip(raw: Path) -> None:
    (raw / "orders.csv").unlink()
    (raw / "orders.csv.gz").write_bytes(gzip.compress(ORDERS.encode() * 100)[:60])


def _write(name: str, content: str | bytes) -> Callable[[Path], None]:
    def write(raw: Path) -> None:
        (raw / name).write_bytes(content if isinstance(content, bytes) else content.encode())

    return write


# What is done to the folder, and the words that the error must have: the file, the column, what to do.
FAULTS: dict[str, tuple[Callable[[Path], None], list[str]]] = {
    "no folder": (lambda raw: shutil.rmtree(raw), ["does not exist", "--raw"]),
    "no events": (lambda raw: (raw / "order_lines.csv").unlink(), ["no table of events", "Supply"]),
    "mandatory column": (
        _write("orders.csv", "order_id,account_id,status\no1,a1,completed\n"),
        ["orders.csv", "'ordered_at'", "Add it"],
    ),
    "ragged line": (_write("order_lines.csv", LINES + "l3,o2\n"), ["order_lines.csv", "line 4", "mend the line"]),
    "cut gzip": (_truncated_gzip, ["orders.csv.gz", "cut short"]),
    "cut parquet": (_write("accounts.parquet", b"PAR1 and no more"), ["accounts.parquet", "Export it again"]),
    "not utf-8": (
        _write("accounts.csv", "account_id,account_name\na1,Société\n".encode("latin-1")),
        ["accounts.csv", "UTF-8"],
    ),
    "two formats": (_write("orders.jsonl", '{"order_id": "x"}\n'), ["orders.csv", "orders.jsonl", "one format"]),
    "empty file": (_write("accounts.csv", ""), ["accounts.csv", "0 bytes", "Export it again"]),
    "column twice": (_write("accounts.csv", "account_id,region,REGION\na1,x,y\n"), ["accounts.csv", "REGION", "twice"]),
    "bad json": (_write("accounts.jsonl", '{"account_id": "x"\n'), ["accounts.jsonl", "Malformed JSON"]),
    "open quote": (_write("accounts.csv", 'account_id,account_name\na1,"abc\n'), ["accounts.csv", "line 2"]),
}


def _run(raw: Path, place: Path, *arguments: str) -> tuple[int, str]:
    ran = run_cli(
        *("run", "--raw", str(raw), "--database", str(place / "boussole.duckdb")),
        *("--publish-dir", str(place / "published"), *arguments),
    )
    return ran.returncode, ran.stdout + ran.stderr


@pytest.mark.parametrize("fault", FAULTS)
def test_a_folder_that_cannot_be_read_is_refused(fault: str, raw: Path, place: Path) -> None:
    break_it, words = FAULTS[fault]
    break_it(raw)
    code, output = _run(raw, place)
    assert code == 2, output
    text = " ".join(output.split())
    assert [word for word in words if word not in text] == [], output
    assert "Traceback" not in output
    assert not (place / "published").exists()


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


def test_a_refused_run_loses_nothing(raw: Path, place: Path) -> None:
    code, output = _run(raw, place)
    assert code == 0, output
    published = place / "published" / "current" / "boussole.duckdb"
    before = published.resolve()
    (raw / "orders.csv").write_text("order_id,status\no1,completed\n", encoding="utf-8")
    code, output = _run(raw, place)
    assert code == 2, output
    assert published.resolve() == before
    for file in (published, place / "boussole.duckdb"):
        with duckdb.connect(str(file), read_only=True) as connection:
            revenue = connection.execute("select sum(net_revenue) from kpis.rep_daily_kpis").fetchall()
        assert revenue == [(30,)]


def test_a_changed_and_a_vanished_file_rebuild_their_table(raw: Path, place: Path) -> None:
    def revenue() -> object:
        with duckdb.connect(str(place / "boussole.duckdb"), read_only=True) as connection:
            return connection.execute("select sum(net_revenue) from kpis.rep_daily_kpis").fetchall()[0][0]

    (raw / "order_lines").mkdir()
    (raw / "order_lines.csv").rename(raw / "order_lines" / "2024.csv")
    assert _run(raw, place)[0] == 0
    assert revenue() == 30
    # a new part is added to what was read before
    (raw / "order_lines" / "2025.csv").write_text("order_line_id,order_id,quantity,unit_price\nl3,o2,1,5\n")
    code, output = _run(raw, place)
    assert (code, revenue()) == (0, 35), output
    assert "rebuilt" not in output
    (raw / "order_lines" / "2024.csv").write_text("order_line_id,order_id,quantity,unit_price\nl1,o1,1,20\n")
    code, output = _run(raw, place)
    assert (code, revenue()) == (0, 25), output
    assert "order_lines/2024.csv has changed" in " ".join(output.split())
    (raw / "order_lines" / "2025.csv").unlink()
    code, output = _run(raw, place)
    assert (code, revenue()) == (0, 20), output
    assert "order_lines/2025.csv has vanished" in " ".join(output.split())
