"""The manifest says what was published, and notices what is no longer that."""

import contextlib
import json
import subprocess
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import duckdb
import pytest

from orchestration import manifest, provenance
from orchestration.publish import publish
from orchestration.versions import current
from tests.conftest import REPOSITORY, run_cli
from tests.python.tiny_builds import RELATIONS, build_id, make_database, publish_build, read


@pytest.fixture
def version(tmp_path: Path) -> Path:
    return tmp_path / "published/versions" / publish_build(tmp_path, 1)


def change(version: Path, statement: str) -> None:
    file = version / "boussole.duckdb"
    file.chmod(0o644)
    with contextlib.closing(duckdb.connect(str(file))) as connection:
        connection.execute(statement)


def remember_file(version: Path) -> None:
    """Writes the file as it is now into the manifest, so that only what the database holds can differ."""
    path = version / "manifest.json"
    content = json.loads(path.read_text())
    content["files"] = {name: asdict(one) for name, one in manifest.files_of(version).items()}
    path.chmod(0o644)
    path.write_text(json.dumps(content))


def test_what_was_published_equals_its_manifest(version: Path) -> None:
    assert manifest.differences(version) == []
    held = manifest.read(version)
    assert held is not None
    assert list(held.files) == [
        "boussole.duckdb",
        "parquet/core/dim_teams.parquet",
        "parquet/kpis/totals.parquet",
    ]
    assert held.rows == {"core.dim_teams": 2, "kpis.totals": 1}


def test_readers_can_query_the_manifest(tmp_path: Path) -> None:
    database = make_database(tmp_path / "private_db.duckdb")
    made = provenance.collect(REPOSITORY, "duckdb", {"passed": 7, "warned": 1, "failed": 0})
    published = publish(database, tmp_path / "published", build_id(1), RELATIONS, "2024-01-31", made)
    target = tmp_path / "published"
    assert current(target) == published
    assert read(target, "select build_id, engine, git_commit, is_dirty, tests_passed from build.manifest") == [
        (build_id(1), "duckdb", made.git_commit, made.is_dirty, 7)
    ]
    assert f"duckdb {duckdb.__version__}" in str(read(target, "select packages from build.manifest"))
    held = published.relations["core.dim_teams"]
    assert read(target, "from build.relations where relation_name = 'dim_teams'") == [
        ("core", "dim_teams", held.rows, held.checksum)
    ]
    assert read(target, "select count(*) from duckdb_columns() where schema_name = 'build' and comment is null") == [
        (0,)
    ]


def test_the_commit_of_a_repository_and_of_no_repository(tmp_path: Path) -> None:
    here = provenance.collect(REPOSITORY, "duckdb", {})
    assert here.git_commit is None or len(here.git_commit) == 40
    assert (here.git_commit is None) == (here.is_dirty is None)
    nowhere = provenance.collect(tmp_path, "duckdb", {})
    assert (nowhere.git_commit, nowhere.is_dirty) == (None, None)


def test_the_checksum_does_not_depend_on_the_order_and_sees_every_value() -> None:
    def checksum(rows: str) -> manifest.Contents:
        with contextlib.closing(duckdb.connect()) as connection:
            connection.execute(f"create table main.t as select * from (values {rows}) as t(a, b)")
            return manifest.read_contents(connection, "main.t")

    first = checksum("(1, 'x'), (2, null)")
    assert checksum("(2, null), (1, 'x')") == first
    for other in ["(1, null), (2, 'x')", "(1, 'x'), (2, '')", "(1, 'x'), (2, 'x')", "(1, 'x')"]:
        assert checksum(other).checksum != first.checksum
    assert checksum("(1, 'x'), (1, 'x')").checksum != checksum("(2, 'y'), (2, 'y')").checksum


CHANGES: dict[str, tuple[Callable[[Path], object], str]] = {
    "a value": (lambda v: change(v, "update core.dim_teams set amount = 9 where team_id = 'T1'"), "core.dim_teams"),
    "a row": (lambda v: change(v, "delete from core.dim_teams where team_id = 'T1'"), "core.dim_teams"),
    "a relation more": (lambda v: change(v, "create table kpis.more as select 1"), "kpis.more"),
    "a relation less": (lambda v: change(v, "drop table kpis.totals"), "kpis.totals"),
    "another build": (lambda v: change(v, "update build.manifest set build_id = 'x'"), "build.manifest"),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_change_inside_is_noticed(version: Path, what: str) -> None:
    make, named = CHANGES[what]
    make(version)
    assert any(found.startswith("boussole.duckdb: ") for found in manifest.differences(version))
    remember_file(version)
    inside = manifest.differences(version)
    assert len(inside) == 1
    assert inside[0].startswith(named)


def test_checksums_of_another_version_of_duckdb_are_not_compared(
    version: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(duckdb, "__version__", "9.9.9")
    monkeypatch.setattr(manifest, "read_contents", lambda *_: manifest.Contents(rows=-1, checksum="other"))
    assert [found for found in manifest.differences(version) if "checksum='" in found] == []
    assert len(manifest.differences(version)) == 2


def test_a_file_more_a_file_less_and_no_manifest(version: Path) -> None:
    (version / "more.txt").write_text("")
    assert manifest.differences(version)[0].startswith("more.txt: the manifest says nothing")
    (version / "more.txt").unlink()
    (version / "boussole.duckdb").unlink()
    assert "cannot be read" in manifest.differences(version)[-1]
    (version / "manifest.json").unlink()
    assert "has no manifest.json" in manifest.differences(version)[0]


def test_a_version_from_before_the_manifest_is_still_read(version: Path) -> None:
    (version / "manifest.json").unlink()
    old = {"build_id": version.name, "published_at": "2024-01-01T00:00:00+00:00", "as_of_date": "2023-12-31"}
    rows = {"core.dim_teams": 2, "kpis.totals": 1}
    (version / "build.json").write_text(json.dumps({**old, "rows": rows}))
    held = manifest.read(version)
    assert held is not None
    assert (held.as_of_date, held.rows) == ("2023-12-31", rows)


def test_verify_answers_0_or_1_or_2(tmp_path: Path, version: Path) -> None:
    folder = ("--publish-dir", str(tmp_path / "published"))
    assert run_cli("verify", *folder).returncode == 0
    assert run_cli("verify", version.name, *folder).returncode == 0
    change(version, "update core.dim_teams set amount = 9")
    ran = run_cli("verify", *folder)
    assert ran.returncode == 1
    assert "core.dim_teams" not in ran.stdout
    assert "core.dim_teams" in ran.stderr
    ran = run_cli("verify", "nothing", *folder)
    assert ran.returncode == 2
    assert version.name in ran.stderr


def test_a_build_is_dirty_by_its_code_alone(tmp_path: Path) -> None:
    def git(*arguments: str) -> None:
        identity = ("-c", "user.name=a", "-c", "user.email=a@b.example")
        subprocess.run(["git", "-C", str(tmp_path), *identity, *arguments], check=True, capture_output=True)

    def is_dirty() -> bool | None:
        return provenance.collect(tmp_path, "duckdb", {}).is_dirty

    (tmp_path / "models").mkdir()
    (tmp_path / "models/one.sql").write_text("select 1")
    git("init")
    git("add", "-A")
    git("commit", "-m", "one")
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw/orders.csv").write_text("order_id")
    assert is_dirty() is False
    (tmp_path / "models/two.sql").write_text("select 2")
    assert is_dirty() is True
