"""The report of the rows that were set aside, from a small database of the same shape."""

import json
from pathlib import Path

import duckdb
import pytest

from orchestration.errors import BoussoleError
from orchestration.quarantine import report
from tests.conftest import run_cli


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "boussole.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("""
            create schema quality;
            create table quality.row_accounting as
                select * from (values ('orders', 200), ('leads', 10), ('returns', 0)) as t(table_name, rows_read);
            create table quality.quarantined_rows as select * from (values
                ('orders', 'missing_value', 'status', 'orders/b.csv', 1, 'O9', '{"order_id":"O9"}'),
                ('orders', 'missing_value', 'status', 'orders/a.csv', 7, 'O1', '{"order_id":"O1"}'),
                ('orders', 'missing_value', 'status', 'orders/a.csv', 8, 'O2', '{"order_id":"O2"}'),
                ('orders', 'missing_value', 'ordered_at', 'orders/a.csv', 3, 'O3', '{"order_id":"O3"}'),
                ('leads', 'not_a_timestamp', 'created_at', 'leads.csv', 4, 'L1', '{"lead_id":"L1"}')
            ) as t(table_name, reason, column_name, source_file, record_number, row_key, raw_row);
        """)
    return path


def test_one_row_per_table_and_reason_with_its_first_example(database: Path) -> None:
    columns, rows = report(database, None)
    assert columns == ["table", "reason", "column", "rows", "share", "file", "record", "key", "row"]
    assert [row[:8] for row in rows] == [
        ("leads", "not_a_timestamp", "created_at", 1, 0.1, "leads.csv", 4, "L1"),
        ("orders", "missing_value", "status", 3, 0.015, "orders/a.csv", 7, "O1"),
        ("orders", "missing_value", "ordered_at", 1, 0.005, "orders/a.csv", 3, "O3"),
    ]


def test_one_table_and_more_examples(database: Path) -> None:
    _, rows = report(database, "orders", examples=2)
    assert [(row[2], row[3], row[7]) for row in rows] == [
        ("status", 3, "O1"),
        ("status", 3, "O2"),
        ("ordered_at", 1, "O3"),
    ]
    assert report(database, "returns")[1] == []


def test_what_cannot_be_reported(database: Path, tmp_path: Path) -> None:
    with pytest.raises(BoussoleError, match=r"no raw table order\..* leads, orders, returns"):
        report(database, "order")
    with pytest.raises(BoussoleError, match="Nothing was built"):
        report(tmp_path / "none.duckdb", None)
    with duckdb.connect(str(tmp_path / "empty.duckdb")):
        pass
    with pytest.raises(BoussoleError, match="cannot be read"):
        report(tmp_path / "empty.duckdb", None)


def test_the_command_in_each_format(database: Path) -> None:
    options = ("quarantine", "--database", str(database), "--table", "leads")
    ran = run_cli(*options)
    assert ran.returncode == 0
    assert ran.stdout.splitlines()[-1] == "(1 row)"
    assert json.loads(run_cli(*options, "--format", "json").stdout)[0]["row"] == '{"lead_id":"L1"}'
    assert (
        run_cli(*options, "--format", "csv")
        .stdout.splitlines()[1]
        .startswith("leads,not_a_timestamp,created_at,1,0.1,")
    )
    assert run_cli("quarantine", "--database", str(database), "--table", "nothing").returncode == 2
