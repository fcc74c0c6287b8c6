"""The oracle reads raw rows and judges them as the contract says."""

from __future__ import annotations

import gzip
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import pytest
import yaml

from . import contract
from .clock import Clock
from .compute import compute
from .folders import one, write_folder
from .parsing import UnreadableError, parse
from .raw import RawError, RawFolder

PARIS = ZoneInfo("Europe/Paris")
SOURCES = Path(__file__).resolve().parents[2] / "models" / "staging" / "crm" / "_crm__sources.yml"


def folder_of(path: Path) -> RawFolder:
    return RawFolder(path, Clock(PARIS), "EUR")


def test_the_contract_names_the_columns_of_the_project() -> None:
    sources = yaml.safe_load(SOURCES.read_text(encoding="utf-8"))["sources"][0]["tables"]
    theirs = {
        table["name"]: [
            (
                column["name"],
                column["config"]["meta"]["type"],
                bool(column["config"]["meta"].get("key") or column["config"]["meta"].get("nullable_key")),
                bool(column["config"]["meta"].get("mandatory")),
            )
            for column in table["columns"]
        ]
        for table in sources
    }
    ours = {
        name: [(c.name, c.type, c.key, c.mandatory) for c in columns if c not in contract.COMMON]
        for name, columns in contract.TABLES.items()
    }
    assert ours == theirs


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        (" 12.50 ", "decimal", Decimal("12.5")),
        ("-0.00005", "decimal", Decimal("-0.0001")),
        ("1.00004999", "decimal", Decimal("1.0000")),
        ("0.123456789", "share", Decimal("0.12345679")),
        ("TRUE", "boolean", True),
        ("no", "boolean", False),
        ("2024-02-29", "date", date(2024, 2, 29)),
        ("   ", "text", None),
        (" a ", "text", " a "),
        ("2024-03-31", "timestamp", datetime.fromisoformat("2024-03-30T23:00:00+00:00")),
        ("2024-04-01", "timestamp", datetime.fromisoformat("2024-03-31T22:00:00+00:00")),
        ("2024-04-01T00:30", "timestamp", datetime.fromisoformat("2024-04-01T00:30:00+00:00")),
        ("2024-04-01 00:30:15.5+0230", "timestamp", datetime.fromisoformat("2024-03-31T22:00:15.500000+00:00")),
    ],
)
def test_values_that_can_be_read(text: str, kind: str, value: object) -> None:
    assert parse(text, kind, PARIS) == value


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("1e3", "decimal"),
        ("12,50", "decimal"),
        ("5.", "decimal"),
        ("1 000", "decimal"),
        ("100000000000000", "decimal"),
        ("10", "share"),
        ("2.5", "integer"),
        ("2024-1-5", "date"),
        ("31/02", "date"),
        ("2023-02-29", "date"),
        ("2024-01-01T24:00", "timestamp"),
        ("y", "boolean"),
    ],
)
def test_values_that_cannot_be_read(text: str, kind: str) -> None:
    with pytest.raises(UnreadableError):
        parse(text, kind, PARIS)


def test_the_newest_version_wins_and_ties_go_to_the_last_record(tmp_path: Path) -> None:
    write_folder(
        tmp_path,
        teams="""
            team_id team_name updated_at
            T1 old 2024-01-01T00:00
            T1 none -
            T1 first 2024-02-01T00:00
            T1 last 2024-02-01T00:00
            T2 - -
        """,
    )
    table = folder_of(tmp_path).table("teams", None)
    assert {row["team_id"]: row["team_name"] for row in table.rows} == {"T1": "last", "T2": "T2"}
    assert (table.accounting.rows_read, table.accounting.rows_staged, table.accounting.older_versions) == (5, 2, 3)


def test_an_earlier_day_keeps_the_version_of_then(tmp_path: Path) -> None:
    write_folder(
        tmp_path,
        teams="""
            team_id team_name updated_at
            T1 january 2024-01-31T22:59
            T1 february 2024-01-31T23:00
            T2 march 2024-03-01T00:00
            T2 april 2024-04-01T00:00
        """,
    )
    table = folder_of(tmp_path).table("teams", date(2024, 1, 31))
    assert {row["team_id"]: row["team_name"] for row in table.rows} == {"T1": "january", "T2": "march"}
    assert (table.accounting.later_versions, table.accounting.older_versions) == (2, 0)


def test_a_bad_newest_version_is_not_replaced_by_an_older_one(tmp_path: Path) -> None:
    write_folder(
        tmp_path,
        reps="""
            rep_id fte left_on updated_at is_deleted
            R1 1 - 2024-01-01T00:00 -
            R1 half - 2024-02-01T00:00 -
            R2 1 31/02 - true
            R3 -1 - - -
            - 1 - - -
            unassigned 1 - - -
            R4 1 1969-12-31 - -
        """,
    )
    table = folder_of(tmp_path).table("reps", None)
    assert table.rows == []
    assert [(q.reason, q.column_name, q.record_number) for q in table.quarantine] == [
        ("null_key", "rep_id", 5),
        ("not_a_decimal", "fte", 2),
        ("out_of_domain", "fte", 4),
        ("reserved_id", "rep_id", 6),
        ("before_1970", "left_on", 7),
    ]
    assert (table.accounting.deleted, table.accounting.older_versions, table.accounting.quarantined) == (1, 1, 5)


def test_null_is_a_key_value_where_the_contract_allows_it(tmp_path: Path) -> None:
    write_folder(
        tmp_path,
        web_visits="""
            visit_date channel campaign_id visitors
            2024-01-01 seo - 5
            2024-01-01 seo - 6
            2024-01-01 seo C1 7
            2024-13-01 seo C1 8
        """,
    )
    table = folder_of(tmp_path).table("web_visits", None)
    assert sorted(row["visitors"] for row in table.rows) == [6, 7]
    assert (table.quarantine[0].reason, table.quarantine[0].column_name) == ("not_a_date", "visit_date")


def test_parts_of_every_format_are_one_table(tmp_path: Path) -> None:
    (tmp_path / "orders").mkdir()
    (tmp_path / "orders" / "a.csv").write_bytes(b"\xef\xbb\xbforder_id,ordered_at,status\no1,2024-01-01,completed\n")
    (tmp_path / "orders" / "b.csv.gz").write_bytes(gzip.compress(b"Order_Id,ordered_at,status\no2,2024-01-02,open\n"))
    (tmp_path / "teams.jsonl").write_text('{"team_id": "T1", "is_deleted": false}\n{"team_id": 7}\n', encoding="utf-8")
    with duckdb.connect() as connection:
        connection.execute(
            "copy (select date '2024-01-01' as rate_date, 'USD' as currency, 0.9::decimal(18,8) as rate) to "
            f"'{tmp_path / 'exchange_rates.parquet'}'"
        )
    raw = folder_of(tmp_path)
    assert [row["order_id"] for row in raw.table("orders", None).rows] == ["o1", "o2"]
    assert [row["team_id"] for row in raw.table("teams", None).rows] == ["T1", "7"]
    assert [row["rate"] for row in raw.table("exchange_rates", None).rows] == [Decimal("0.9")]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("teams.csv", b""),
        ("teams.csv", b"team_name\nx\n"),
        ("teams.csv", b"team_id,team_name\na\n"),
        ("teams.csv", b"team_id,TEAM_ID\na,b\n"),
        ("teams.csv", b"team_id\n\xff\n"),
        ("teams.jsonl", b"{"),
    ],
)
def test_a_file_that_cannot_be_trusted_stops_the_run(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(RawError):
        folder_of(tmp_path)


def test_the_accounting_adds_up(tmp_path: Path) -> None:
    write_folder(
        tmp_path,
        leads="""
            lead_id created_at updated_at is_deleted
            L1 2024-01-01 2024-01-01 -
            L1 2024-01-01 2024-01-02 -
            L2 bad 2024-01-02 -
            L3 2024-01-02 2024-01-02 yes
            L4 2024-01-02 2024-01-02 no
        """,
    )
    result = compute(tmp_path)
    assert one(result.row_accounting, table_name="leads") == {
        "table_name": "leads",
        "rows_read": 5,
        "rows_staged": 2,
        "older_versions": 1,
        "later_versions": 0,
        "deleted": 1,
        "quarantined": 1,
    }
    assert result.as_of_date == date(2024, 1, 2)
