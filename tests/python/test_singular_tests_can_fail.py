"""Every singular test of tests/dbt fails when the warehouse is wrong: a check that cannot fail proves nothing.

`corruptions.yml` has, for each test, mistakes that it must notice. Each is made in a copy of the built sample, in a
transaction that is rolled back.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from tests.conftest import REPOSITORY, Warehouse

SINGULAR_TESTS = sorted(path.stem for path in (REPOSITORY / "tests" / "dbt").glob("*.sql"))
CORRUPTIONS: dict[str, list[dict[str, Any]]] = yaml.safe_load(
    Path(__file__).with_name("corruptions.yml").read_text(encoding="utf-8")
)["tests"]
IDENTITIES = set(range(1, 13))
KEYS = {"what", "identity", "table", "where", "set", "columns", "named_in", "delete", "copy", "every", "wrong"}


@dataclass(frozen=True)
class Mistake:
    """One mistake: the statement that makes it, and the names that the test must give."""

    what: str
    statement: str
    named_in: str | None = None
    names: frozenset[str] = frozenset()


def _mistakes(corruption: dict[str, Any]) -> Iterator[Mistake]:
    what = f"{corruption['what']} ({corruption.get('table', 'sql')})"
    columns = corruption.get("columns")
    if "set" not in corruption or columns is None:
        yield Mistake(what, _statement(corruption, corruption.get("set", "")))
    elif "named_in" in corruption:
        change = ", ".join(corruption["set"].format(column=column) for column in columns)
        yield Mistake(what, _statement(corruption, change), corruption["named_in"], frozenset(columns))
    else:
        for column in columns:
            yield Mistake(f"{what}: {column}", _statement(corruption, corruption["set"].format(column=column)))


def _statement(corruption: dict[str, Any], change: str) -> str:
    if "wrong" in corruption:
        return str(corruption["wrong"])
    table, where = corruption["table"], corruption.get("where", "true")
    rows = where if corruption.get("every") else f"rowid = (select min(rowid) from {table} where {where})"
    if "copy" in corruption:
        values = "" if corruption["copy"] is True else f" replace ({corruption['copy']})"
        return f"insert into {table} select *{values} from {table} where {rows}"
    if corruption.get("delete"):
        return f"delete from {table} where {rows}"
    return f"update {table} set {change} where {rows}"


@pytest.fixture(scope="module")
def copied(warehouse: Warehouse, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the built sample, under the same name: compiled SQL names the database."""
    return Path(shutil.copy(warehouse.database, tmp_path_factory.mktemp("corrupted")))


@pytest.fixture(scope="module")
def compiled(copied: Path) -> dict[str, str]:
    """Test -> its SQL."""
    ran = subprocess.run(
        [
            str(Path(sys.executable).with_name("dbt")),
            *("compile", "--select", "test_type:singular"),
            *("--target-path", str(copied.parent / "target"), "--log-path", str(copied.parent)),
        ],
        cwd=REPOSITORY,
        env={k: v for k, v in os.environ.items() if not k.startswith(("BOUSSOLE_", "DBT_"))}
        | {"BOUSSOLE_DATABASE": str(copied)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout
    folder = copied.parent / "target" / "compiled" / "boussole" / "tests" / "dbt"
    return {path.stem: path.read_text(encoding="utf-8") for path in folder.glob("*.sql")}


@pytest.fixture(scope="module")
def connection(copied: Path, compiled: dict[str, str]) -> Iterator[duckdb.DuckDBPyConnection]:
    """The copy, open to be corrupted; dbt has let go of it."""
    with duckdb.connect(str(copied)) as opened:
        yield opened


def test_every_singular_test_has_a_corruption() -> None:
    missing = sorted(set(SINGULAR_TESTS) - set(CORRUPTIONS))
    assert not missing, f"Say in tests/python/corruptions.yml which mistake these must notice: {', '.join(missing)}"
    assert sorted(CORRUPTIONS) == SINGULAR_TESTS, "corruptions.yml names a test that does not exist"


def test_every_identity_has_a_corruption() -> None:
    proved = {corruption.get("identity") for corruptions in CORRUPTIONS.values() for corruption in corruptions}
    assert proved - {None} == IDENTITIES


def test_corruptions_have_no_unknown_key() -> None:
    wrong = {name: set(one) - KEYS for name, many in CORRUPTIONS.items() for one in many if set(one) - KEYS}
    assert not wrong


@pytest.mark.parametrize("name", SINGULAR_TESTS)
def test_notices(connection: duckdb.DuckDBPyConnection, compiled: dict[str, str], name: str) -> None:
    sql = compiled[name]
    assert connection.execute(sql).fetchall() == [], "is red before any corruption"
    unnoticed = []
    for mistake in (mistake for corruption in CORRUPTIONS[name] for mistake in _mistakes(corruption)):
        connection.execute("begin")
        try:
            changed = connection.execute(mistake.statement).fetchone()
            assert changed, mistake.what
            assert changed[0] > 0, f"{mistake.what}: no row of the sample to corrupt"
            answer = connection.execute(sql)
            names = [column[0] for column in answer.description or []]
            rows = answer.fetchall()
        finally:
            connection.execute("rollback")
        if not rows:
            unnoticed.append(mistake.what)
        elif mistake.named_in:
            place = names.index(mistake.named_in)
            missed = mistake.names - {row[place] for row in rows}
            unnoticed += [f"{mistake.what}: {column}" for column in sorted(missed)]
    assert not unnoticed, "stays green:\n" + "\n".join(unnoticed)
