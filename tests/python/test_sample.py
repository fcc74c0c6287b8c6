import filecmp
import json
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from orchestration.errors import BoussoleError
from orchestration.sample import generate
from orchestration.sample.generator import KEYS

PROJECT = Path(__file__).parents[2]
COMMITTED = PROJECT / "sample_data"
CONTRACT = PROJECT / "models" / "staging" / "crm" / "_crm__sources.yml"
MEGABYTE = 1_000_000


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The committed sample, made again."""
    out = tmp_path_factory.mktemp("sample")
    generate(scale=1, seed=42, out=out)
    return out


@pytest.fixture(scope="module")
def typed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same company as Parquet, in small files, in a folder that held other things before."""
    out = tmp_path_factory.mktemp("typed")
    (out / "notes.txt").write_text("mine")
    (out / "orders.csv").write_text("order_id\n")
    (out / "activities").mkdir()
    (out / "activities" / "2022.csv").write_text("activity_id\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("orchestration.sample.generator.ROWS_PER_PARQUET_FILE", 30_000)
        generate(scale=1, seed=42, out=out, file_format="parquet")
    return out


def files_of(folder: Path) -> list[str]:
    return sorted(file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file())


def manifest_of(folder: Path) -> dict[str, Any]:
    manifest: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return manifest


def rows(folder: Path, table: str, file_format: str = "csv") -> str:
    """What a query reads a table from."""
    pattern = f"{folder}/{table}" + (f"/*.{file_format}" if (folder / table).is_dir() else f".{file_format}")
    if file_format == "parquet":
        return f"read_parquet('{pattern}', filename = true)"
    return f"read_csv('{pattern}', header = true, all_varchar = true, filename = true)"


def query(sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect() as connection:
        return connection.execute(sql).fetchall()


@cache
def contract() -> dict[str, dict[str, dict[str, Any]]]:
    """Table -> column -> meta, as declared for the staging models."""
    source = yaml.safe_load(CONTRACT.read_text(encoding="utf-8"))["sources"][0]
    return {
        table["name"]: {column["name"]: column["config"]["meta"] for column in table["columns"]}
        for table in source["tables"]
    }


def test_the_committed_sample_is_what_the_generator_writes(sample: Path) -> None:
    assert files_of(COMMITTED) == files_of(sample)
    _, differing, unreadable = filecmp.cmpfiles(COMMITTED, sample, files_of(sample), shallow=False)
    assert (differing, unreadable) == ([], [])


def test_the_committed_sample_is_small() -> None:
    assert sum((COMMITTED / file).stat().st_size for file in files_of(COMMITTED)) <= 8 * MEGABYTE


def test_another_seed_makes_another_company(sample: Path, tmp_path: Path) -> None:
    generate(scale=1, seed=43, out=tmp_path)
    same = {"teams.csv"}  # they follow from the scale alone
    assert {file for file in files_of(sample) if filecmp.cmp(sample / file, tmp_path / file, shallow=False)} == same


def test_earlier_tables_are_replaced_and_other_files_left_alone(typed: Path) -> None:
    assert {file for file in files_of(typed) if not file.endswith(".parquet")} == {"manifest.json", "notes.txt"}


def test_the_manifest_counts_what_the_files_hold(sample: Path) -> None:
    manifest = manifest_of(sample)
    assert sorted(["manifest.json", *(file for table in manifest["tables"].values() for file in table["files"])]) == (
        files_of(sample)
    )
    for table, counted in manifest["tables"].items():
        found = query(f"select parse_path(filename)[-1], count(*) from {rows(sample, table)} group by 1")
        assert {Path(file).name: count for file, count in counted["files"].items()} == dict(found)
        parts = counted["staged"] + counted["older_versions"] + counted["deleted"] + counted["quarantined"]
        assert counted["rows"] == parts == sum(counted["files"].values())
    assert manifest["rows"] == sum(table["rows"] for table in manifest["tables"].values())


def test_every_key_has_one_newest_version(sample: Path) -> None:
    """Whatever is not the newest version of its key is counted as an older one; a row without a key is alone."""
    for table, counted in manifest_of(sample)["tables"].items():
        mandatory = [name for name in KEYS[table] if not contract()[table][name].get("nullable_key")]
        no_key = " or ".join(f"{name} is null" for name in mandatory)
        [(without_key, keys)] = query(
            f"""
            select
                count(*) filter (where {no_key}),
                count(distinct ({", ".join(KEYS[table])})) filter (where not ({no_key}))
            from {rows(sample, table)}
            """
        )
        assert counted["rows"] - counted["older_versions"] == without_key + keys, table


def test_what_is_planted_is_explained(sample: Path) -> None:
    planted = manifest_of(sample)["planted"]
    for plant in planted:
        assert plant["expected"], plant
        assert plant["outcome"] in {"kept", "older_version", "deleted", "quarantined"}
        assert plant["count"] >= len(plant["keys"]) > 0
        if plant["outcome"] == "quarantined":
            assert plant["reason"]
    reasons = {plant["reason"] for plant in planted if plant["outcome"] == "quarantined"}
    assert reasons == {
        *("null_key", "missing_value", "reserved_id", "before_1970", "out_of_domain"),
        *("not_a_decimal", "not_a_date", "not_a_timestamp", "not_an_integer", "not_a_boolean"),
    }


def test_dirt_is_a_small_share(sample: Path) -> None:
    counts = Counter({name: table["quarantined"] for name, table in manifest_of(sample)["tables"].items()})
    total = manifest_of(sample)["rows"]
    assert 0.0003 < counts.total() / total < 0.005


def test_the_files_follow_the_contract(sample: Path) -> None:
    assert list(contract()) == list(KEYS)
    optional = {"updated_at", "is_deleted", "source_system"}
    for table, columns in contract().items():
        described = query(f"describe select * exclude (filename) from {rows(sample, table)}")
        names = [name for name, *_ in described]
        assert [name for name in names if name not in optional] == [name for name in columns if name not in optional]
        keys = {name for name, meta in columns.items() if meta.get("key") or meta.get("nullable_key")}
        assert keys == set(KEYS[table])


def test_the_history_ends_on_the_as_of_date(sample: Path) -> None:
    """Nothing was exported after the last day, and something happened on it."""
    for table in KEYS:
        names = {name for name, *_ in query(f"describe select * from {rows(sample, table)}")}
        if "updated_at" in names:
            [(last,)] = query(f"select max(updated_at) from {rows(sample, table)}")
            assert last <= "2025-06-20T20:00:00Z"
    [(last,)] = query(
        f"select max(ordered_at) from {rows(sample, 'orders')} where status = 'completed' and ordered_at < '3'"
    )
    assert last.startswith("2025-06-20")


def test_typed_files_hold_the_types_of_the_contract(typed: Path) -> None:
    types = {
        "text": "VARCHAR",
        "date": "DATE",
        "timestamp": "TIMESTAMP",
        "decimal": "DECIMAL(18,4)",
        "rate": "DECIMAL(18,8)",
        "share": "DECIMAL(18,8)",
        "integer": "BIGINT",
        "boolean": "BOOLEAN",
    }
    for table, columns in contract().items():
        for name, kind, *_ in query(f"describe select * exclude (filename) from {rows(typed, table, 'parquet')}"):
            if name in columns:
                assert (table, name, kind) == (table, name, types[columns[name]["type"]])


def test_scale_two_grows_as_promised(sample: Path, tmp_path: Path) -> None:
    generate(scale=2, seed=42, out=tmp_path)
    before, after = manifest_of(sample)["tables"], manifest_of(tmp_path)["tables"]

    def growth(table: str) -> float:
        return float(after[table]["rows"] / before[table]["rows"])

    for events in ("activities", "leads", "orders", "order_lines", "opportunities", "tickets"):
        assert growth(events) == pytest.approx(2, rel=0.05), events
    assert growth("accounts") == pytest.approx(2**0.9, rel=0.02)
    assert growth("reps") == pytest.approx(2**0.6, rel=0.05)
    assert growth("teams") == pytest.approx(2**0.4, rel=0.1)


def test_threads_do_not_change_a_byte(sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    connect = duckdb.connect

    def with_three_threads(database: str) -> duckdb.DuckDBPyConnection:
        return connect(database, config={"threads": 3})

    monkeypatch.setattr(duckdb, "connect", with_three_threads)
    generate(scale=1, seed=42, out=tmp_path)
    _, differing, unreadable = filecmp.cmpfiles(sample, tmp_path, files_of(sample), shallow=False)
    assert (differing, unreadable) == ([], [])


def test_large_tables_are_split_into_months(typed: Path) -> None:
    files = manifest_of(typed)["tables"]["activities"]["files"]
    assert next(iter(files)) == "activities/2023-01.parquet"
    assert list(files)[-1] == "activities/2025-06.parquet"
    assert len(files) == 30


def test_what_types_cannot_hold_is_said_not_planted(typed: Path) -> None:
    manifest = manifest_of(typed)
    assert "decimal_comma" in manifest["not_planted_because_columns_have_types"]
    assert "decimal_comma" not in {plant["kind"] for plant in manifest["planted"]}


@pytest.mark.parametrize(("scale", "file_format"), [(0, "csv"), (1, "xlsx")])
def test_impossible_requests_are_refused(tmp_path: Path, scale: int, file_format: str) -> None:
    with pytest.raises(BoussoleError):
        generate(scale=scale, seed=42, out=tmp_path / "nothing", file_format=file_format)
    assert not (tmp_path / "nothing").exists()
