"""Personal data never reaches readers: not as a column, not as a value, not as bytes that a file still holds."""

import contextlib
import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from orchestration.contract import load, personal_columns
from tests.conftest import REPOSITORY, RunWarehouse, Warehouse

NAMES = {"rep_name", "customer_name", "entity_name"}


@contextlib.contextmanager
def opened(file: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with contextlib.closing(duckdb.connect(str(file), read_only=True)) as connection:
        yield connection


def values(connection: duckdb.DuckDBPyConnection, columns: list[tuple[str, str, str]]) -> set[str]:
    """The texts of (schema, relation, column)s."""
    found: set[str] = set()
    for schema, relation, column in columns:
        query = f'select distinct "{column}" from "{schema}"."{relation}" where "{column}" is not null'
        found.update(str(value) for (value,) in connection.execute(query).fetchall())
    return found


def text_columns(connection: duckdb.DuckDBPyConnection, *schemas: str) -> list[tuple[str, str, str]]:
    columns = connection.execute(
        "select schema_name, table_name, column_name from duckdb_columns() where data_type = 'VARCHAR' "
        "and database_name = current_database() and not internal"
    ).fetchall()
    return [(schema, table, column) for schema, table, column in columns if not schemas or schema in schemas]


@pytest.fixture(scope="module")
def personal(warehouse: Warehouse) -> set[str]:
    """Every value of a personal column in any version of any raw row of the sample, but names that are a rep's too."""
    columns = [
        ("staging", f"base_crm__{table.name}", column.name)
        for table in load(REPOSITORY)
        for column in table.columns
        if column.meta.get("pii")
    ]
    with warehouse.connect() as connection:
        return values(connection, columns) - values(connection, [("core", "dim_reps", "rep_name")])


def test_the_contract_marks_what_is_personal() -> None:
    assert personal_columns(REPOSITORY) == {"email", "phone", "full_name", "comment"}


def test_the_sample_has_personal_data_to_look_for(personal: set[str]) -> None:
    assert len([value for value in personal if "@" in value]) > 1000
    assert len([value for value in personal if value.startswith("+33")]) > 100
    assert len([value for value in personal if re.fullmatch(r"\w+ \w+", value)]) > 100


def test_no_published_value_holds_any(warehouse: Warehouse, personal: set[str]) -> None:
    parquet = sorted(warehouse.published.parent.rglob("*.parquet"))
    assert len(parquet) > 50
    found: set[str] = set()
    with opened(warehouse.published) as published, duckdb.connect() as copies:
        for file in parquet:
            copies.execute(f"create view {file.parent.name}_{file.stem} as from '{file}'")
        for connection in (published, copies):
            columns = text_columns(connection)
            assert not {column for _, _, column in columns} & personal_columns(REPOSITORY)
            found |= values(connection, columns)
    text = "\n".join(sorted(found))
    assert "R001" in text
    assert [value for value in personal if value in text] == []


def test_no_byte_of_what_is_published_holds_any(warehouse: Warehouse, personal: set[str]) -> None:
    """DuckDB compresses, so this is no proof; but what a copy of the private file would give away is found here."""
    longer = [value.encode() for value in personal if len(value) >= 8]

    def leaks(file: Path) -> list[bytes]:
        texts = b"\n".join(re.findall(rb"[\x20-\x7e\x80-\xff]{8,}", file.read_bytes()))
        return [value for value in longer if value in texts]

    assert leaks(warehouse.database)
    files = [file for file in warehouse.published.resolve().parent.rglob("*") if file.is_file()]
    assert len(files) >= 2
    assert [leaked for file in files for leaked in leaks(file)] == []


@pytest.fixture(scope="module")
def pseudonymised(run_warehouse: RunWarehouse) -> Warehouse:
    return run_warehouse(REPOSITORY / "sample_data", vars={"pseudonymise_people": True}, data_tests=False)


def test_pseudonyms_change_names_and_nothing_else(warehouse: Warehouse, pseudonymised: Warehouse) -> None:
    with duckdb.connect() as connection:
        for name, built in (("named", warehouse), ("hidden", pseudonymised)):
            connection.execute(f"attach '{built.database}' as {name} (read_only)")
        relations = connection.execute(
            "select schema_name || '.' || table_name, string_agg(column_name, ', ' order by column_index) "
            "from duckdb_columns() where database_name = 'named' and schema_name in ('core', 'kpis') "
            "and not list_contains(?, column_name) group by all order by all",
            [sorted(NAMES)],
        ).fetchall()
        assert len(relations) > 50
        differing = [
            relation
            for relation, columns in relations
            for one, other in ((f"named.{relation}", f"hidden.{relation}"), (f"hidden.{relation}", f"named.{relation}"))
            if connection.execute(
                f"(select {columns} from {one}) except all (select {columns} from {other}) limit 1"
            ).fetchall()
        ]
    assert differing == []


def test_no_name_is_left_where_people_have_pseudonyms(warehouse: Warehouse, pseudonymised: Warehouse) -> None:
    people = [("core", "dim_reps", "rep_name"), ("core", "dim_customers", "customer_name")]
    ids = [("core", "dim_reps", "rep_id"), ("core", "dim_customers", "customer_id")]
    with warehouse.connect() as named, pseudonymised.connect() as hidden:
        names = values(named, people) - values(named, ids)
        assert len(names) > 300
        columns = [one for one in text_columns(named, "core", "kpis") if one[2] in NAMES]
        assert {column for _, _, column in columns} == NAMES
        assert names & values(hidden, text_columns(hidden, "core", "kpis")) == set()
        counts = [
            connection.execute(f"select count(distinct {column}) from {schema}.{relation}").fetchall()
            for connection in (named, hidden)
            for schema, relation, column in (*ids, *people)
        ]
    assert counts[:2] == counts[6:], "two people share a pseudonym"


CONTACT = "contact_id,account_id,full_name,email,phone,updated_at,is_deleted\n"


def test_a_deleted_contact_is_in_nothing_that_is_built_afterwards(run_warehouse: RunWarehouse, tmp_path: Path) -> None:
    """Not even as of an earlier day; the copy of the raw files and its judged records are as the folder is."""
    raw = tmp_path / "raw"
    (raw / "contacts").mkdir(parents=True)
    (raw / "orders.csv").write_text("order_id,ordered_at,account_id,rep_id,status\no1,2024-03-01,a1,r1,completed\n")
    (raw / "order_lines.csv").write_text("order_line_id,order_id,quantity,unit_price\nl1,o1,1,10\n")
    (raw / "contacts/1.csv").write_text(
        CONTACT
        + "k1,a1,Zoë Erased,zoe@erased.example,+33 1 00 00 00 01,2024-03-01,\n"
        + "k2,a1,Max Kept,max@kept.example,+33 1 00 00 00 02,2024-03-01,\n"
    )
    built = run_warehouse(raw, data_tests=False, folder=tmp_path)
    assert {"Zoë Erased", "zoe@erased.example", "Max Kept"} <= held(built)

    (raw / "contacts/2.csv").write_text(CONTACT + "k1,,,,,2024-06-30,true\n")
    again = held(run_warehouse(raw, data_tests=False, folder=tmp_path))
    assert {"Max Kept", "max@kept.example", "+33 1 00 00 00 02"} <= again
    assert [value for value in again if "Erased" in value or "erased" in value or "00 00 01" in value] == []

    (raw / "contacts/1.csv").write_text(CONTACT + "k2,a1,Max Kept,max@kept.example,,2024-03-01,\n")
    built = run_warehouse(raw, data_tests=False, folder=tmp_path)
    with built.connect() as connection:
        everything = values(connection, text_columns(connection))
    assert "Max Kept" in everything
    assert [value for value in everything if "rased" in value] == []


def held(built: Warehouse) -> set[str]:
    """Every text of the private database but the copy of the raw files and the judged records of it."""
    with built.connect() as connection:
        columns = text_columns(connection)
        return values(connection, [one for one in columns if one[0] != "raw" and not one[1].startswith("base_crm__")])
