"""Publishing from tiny databases: what readers see, what is refused, and what a killed process leaves."""

import contextlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from orchestration import manifest, versions
from orchestration import publish as publishing
from orchestration.errors import BoussoleError, CheckFailedError
from orchestration.publish import publish
from orchestration.versions import current
from tests.conftest import REPOSITORY
from tests.python.tiny_builds import RELATIONS, build_id, make_database, read


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return make_database(tmp_path / "private_db.duckdb")


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "published"


def test_readers_get_tables_with_their_comments_and_nothing_private(database: Path, target: Path) -> None:
    published = publish(database, target, build_id(1), RELATIONS, "2024-01-31")
    assert published.rows == {"core.dim_teams": 2, "kpis.totals": 1}
    assert read(target, "from kpis.totals")[0][0] == 2
    assert read(
        target,
        "select table_catalog, table_schema, table_name, table_type from information_schema.tables order by 2, 3",
    ) == [
        ("boussole", "build", "manifest", "BASE TABLE"),
        ("boussole", "build", "relations", "BASE TABLE"),
        ("boussole", "core", "dim_teams", "BASE TABLE"),
        ("boussole", "kpis", "totals", "BASE TABLE"),
    ]
    assert read(target, "select table_name, comment from duckdb_tables() where schema_name <> 'build' order by 1") == [
        ("dim_teams", "One row per team's id."),
        ("totals", "One row."),
    ]
    assert read(
        target, "select comment from duckdb_columns() where column_name = 'amount' and table_name = 'dim_teams'"
    ) == [("Amount in €; it's net.",)]
    assert b"a@b.example" not in (target / "current/boussole.duckdb").read_bytes()


def test_the_version_is_complete_read_only_and_described(database: Path, target: Path) -> None:
    published = publish(database, target, build_id(1), RELATIONS, "2024-01-31")
    assert os.readlink(target / "current") == f"versions/{build_id(1)}"
    version = target / "versions" / build_id(1)
    files = {
        str(file.relative_to(version)): file.stat().st_mode & 0o777 for file in version.rglob("*") if file.is_file()
    }
    assert files == dict.fromkeys(
        ["boussole.duckdb", "manifest.json", "parquet/core/dim_teams.parquet", "parquet/kpis/totals.parquet"], 0o444
    )
    assert current(target) == published
    assert json.loads((version / "manifest.json").read_text())["as_of_date"] == "2024-01-31"


def test_the_parquet_files_hold_what_the_tables_hold(database: Path, target: Path) -> None:
    publish(database, target, build_id(1), RELATIONS)
    for schema, name in RELATIONS:
        file = target / "current" / "parquet" / schema / f"{name}.parquet"
        for table in (f"select * from {schema}.{name}", f"describe {schema}.{name}"):
            assert read(target, table.replace(f"{schema}.{name}", f"'{file}'")) == read(target, table)


def test_a_parquet_file_without_all_rows_is_not_published(
    database: Path, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(database, target, build_id(1), RELATIONS)
    former = (target / "current" / "parquet" / "core" / "dim_teams.parquet").read_bytes()
    make_database(database, teams=3)
    copied = publishing._copy

    def copy_then_lose_a_row(
        database: Path, file: Path, relations: list[tuple[str, str]], described: manifest.Manifest
    ) -> manifest.Manifest:
        described = copied(database, file, relations, described)
        (file.parent / "parquet" / "core" / "dim_teams.parquet").write_bytes(former)
        return described

    monkeypatch.setattr(publishing, "_copy", copy_then_lose_a_row)
    with pytest.raises(CheckFailedError, match=r"core\.dim_teams has"):
        publish(database, target, build_id(2), RELATIONS)
    shown = current(target)
    assert shown is not None
    assert shown.build_id == build_id(1)


def test_the_file_is_written_in_the_format_that_older_clients_read(database: Path, target: Path) -> None:
    publish(database, target, build_id(1), RELATIONS)
    (tags,) = read(target, "select tags from duckdb_databases() where database_name = 'boussole'")[0]
    assert isinstance(tags, dict)
    assert tags["storage_version"].startswith("v1.4.0")


def test_a_reader_keeps_its_build_while_new_ones_come(database: Path, target: Path) -> None:
    publish(database, target, build_id(1), RELATIONS)
    with contextlib.closing(duckdb.connect(str(target / "current/boussole.duckdb"), read_only=True)) as reader:
        make_database(database, teams=3)
        publish(database, target, build_id(2), RELATIONS)
        assert reader.execute("select teams from kpis.totals").fetchall() == [(2,)]
    assert read(target, "select teams from kpis.totals") == [(3,)]


def test_three_versions_stay(database: Path, target: Path) -> None:
    for number in range(1, 6):
        publish(database, target, build_id(number), RELATIONS)
    assert sorted(os.listdir(target / "versions")) == [build_id(3), build_id(4), build_id(5)]


def test_what_current_points_to_stays_even_if_it_is_old(database: Path, target: Path) -> None:
    for number in range(1, 5):
        publish(database, target, build_id(number), RELATIONS)
    (target / "current").unlink()
    (target / "current").symlink_to(f"versions/{build_id(2)}")
    versions.remove_old(target, keep=3)
    assert (target / "current/boussole.duckdb").exists()


@pytest.mark.parametrize(
    "dies_in", ["publish._copy_comments", "publish._check_copy", "versions.make_durable", "versions.point_current_to"]
)
def test_a_killed_process_leaves_the_current_version_whole(database: Path, target: Path, dies_in: str) -> None:
    publish(database, target, build_id(1), RELATIONS)
    make_database(database, teams=9)
    code = f"""
import os, signal
from pathlib import Path
from orchestration import publish, versions
{dies_in} = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
publish.publish(Path({str(database)!r}), Path({str(target)!r}), {build_id(2)!r}, {RELATIONS!r})
"""
    died = subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, check=False)
    assert died.returncode == -signal.SIGKILL
    assert read(target, "select teams from kpis.totals") == [(2,)]
    publish(database, target, build_id(3), RELATIONS)
    assert read(target, "select teams from kpis.totals") == [(9,)]
    assert not [name for name in os.listdir(target / "versions") if name.startswith(".tmp")]
    assert not [name for name in os.listdir(target) if name.startswith(".current")]


@pytest.mark.parametrize(
    ("column", "message"),
    [
        ("sum(range) as total", r"kpis\.bad\.total: BI tools .* HUGEINT"),
        ("now() as seen_at", r"kpis\.bad\.seen_at: .*TIMESTAMP WITH TIME ZONE"),
        ("now()::timestamp as seen", r"kpis\.bad\.seen: .*_at"),
        ("[1] as items", r"kpis\.bad\.items: .*INTEGER\[\]"),
        ("uuid() as id", r"kpis\.bad\.id: .*UUID"),
        ("'a@b' as email", r"kpis\.bad\.email: personal data"),
        ("'a@b' as contact_email", r"kpis\.bad\.contact_email: personal data"),
    ],
)
def test_columns_that_may_not_be_published(database: Path, target: Path, column: str, message: str) -> None:
    with contextlib.closing(duckdb.connect(str(database))) as connection:
        aggregate = "" if "sum" in column else " limit 1"
        connection.execute(f"create table kpis.bad as select {column} from range(3){aggregate}")
    with pytest.raises(CheckFailedError, match=message):
        publish(database, target, build_id(1), [*RELATIONS, ("kpis", "bad")])
    assert current(target) is None
    assert os.listdir(target / "versions") == []


def test_only_public_schemas(database: Path, target: Path) -> None:
    with pytest.raises(CheckFailedError, match="not in a public schema"):
        publish(database, target, build_id(1), [("staging", "contacts")])


def test_only_what_exists(database: Path, target: Path) -> None:
    with pytest.raises(CheckFailedError, match=r"kpis\.gone is not in the database"):
        publish(database, target, build_id(1), [("kpis", "gone")])
    with pytest.raises(CheckFailedError, match="nothing to publish"):
        publish(database, target, build_id(1), [])


def test_a_folder_that_cannot_be_used(database: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BoussoleError, match="Cannot"):
        publish(database, tmp_path / "file", build_id(1), RELATIONS)


def test_a_real_folder_called_current_is_not_overwritten(database: Path, target: Path) -> None:
    (target / "current").mkdir(parents=True)
    with pytest.raises(BoussoleError, match="Cannot publish"):
        publish(database, target, build_id(1), RELATIONS)
    assert os.listdir(target / "versions") == []


def test_a_version_is_never_written_again(database: Path, target: Path) -> None:
    publish(database, target, build_id(1), RELATIONS)
    publish(database, target, build_id(2), RELATIONS)
    with pytest.raises(BoussoleError, match="Cannot publish"):
        publish(make_database(database, teams=3), target, build_id(1), RELATIONS)
    assert sorted(os.listdir(target / "versions")) == [build_id(1), build_id(2)]
    assert manifest.differences(target / "versions" / build_id(1)) == []
