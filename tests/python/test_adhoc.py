"""Ad-hoc queries read the published file and reach nothing else, by two walls: the statement and the connection."""

import contextlib
import json
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest

from orchestration import adhoc
from orchestration.errors import BoussoleError
from tests.conftest import REPOSITORY, run_cli
from tests.python.tiny_builds import publish_build

# What a query might try; {secret} is a file beside, {target} one that does not exist yet.
DENIED = {
    "reads a text file": "select * from read_text('{secret}')",
    "reads a CSV file": "from read_csv('{secret}')",
    "reads a file by its name": "from '{secret}'",
    "sniffs a file": "from sniff_csv('{secret}')",
    "lists files": "from glob('{folder}/*')",
    "reads another database": "attach '{database}' as other (read_only)",
    "attaches a new database": "attach '{target}' as other",
    "attaches memory": "attach ':memory:' as other",
    "writes by copy": "copy (select 1) to '{target}'",
    "writes by explain": "explain analyze copy (select 1) to '{target}'",
    "exports": "export database '{target}'",
    "imports": "import database '{folder}'",
    "installs an extension": "install httpfs",
    "loads an extension": "load httpfs",
    "reads the network": "from read_csv('https://localhost/x.csv')",
    "makes a secret": "create persistent secret s (type s3)",
    "sees a variable of Python": "from secret_rows",
    "raises its memory": "set memory_limit = '900GB'",
    "raises its threads": "set threads = 64",
    "resets a limit": "reset max_temp_directory_size",
    "opens itself to files": "set enable_external_access = true",
    "opens itself to Python": "set python_enable_replacements = true",
    "unlocks itself": "set lock_configuration = false",
    "changes data": "update core.dim_teams set amount = 0",
    "drops a table": "drop table core.dim_teams",
    "makes a table": "create table core.more as select 1",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("adhoc")
    publish_build(path, 1)
    (path / "secret.csv").write_text("password\nhunter2\n")
    return path


def published(folder: Path) -> Path:
    return folder / "published/current/boussole.duckdb"


def ask(folder: Path, query: str, timeout: float = 60) -> list[tuple[object, ...]]:
    with adhoc.answer(published(folder), query, timeout) as (_, rows):
        return list(rows)


def filled(query: str, folder: Path) -> str:
    return query.format(
        secret=folder / "secret.csv", folder=folder, target=folder / "new", database=folder / "private_db.duckdb"
    )


@pytest.mark.parametrize("attempt", DENIED)
def test_what_a_query_must_not_do_is_denied(folder: Path, attempt: str) -> None:
    with pytest.raises(BoussoleError):
        ask(folder, filled(DENIED[attempt], folder))
    assert not (folder / "new").exists()


@pytest.mark.parametrize("attempt", DENIED)
def test_the_connection_alone_denies_it_too(folder: Path, attempt: str) -> None:
    """Without the look at the kind of statement, which must not be the only wall."""
    secret_rows = duckdb.sql("select 'hunter2' as password")
    assert secret_rows is not None
    settings = adhoc.lockdown(str(folder / "spill"))
    with (
        contextlib.closing(duckdb.connect(str(published(folder)), read_only=True, config=settings)) as connection,
        pytest.raises(duckdb.Error),
    ):
        connection.execute(filled(DENIED[attempt], folder)).fetchall()
    assert not (folder / "new").exists()


def test_without_the_settings_the_attempts_would_succeed(folder: Path) -> None:
    """That read-only is no wall is the reason for all this."""
    with contextlib.closing(duckdb.connect(str(published(folder)), read_only=True)) as connection:
        assert connection.execute(filled(DENIED["reads a CSV file"], folder)).fetchall() == [("hunter2",)]
        connection.execute(filled(DENIED["reads another database"], folder))
        assert connection.execute("select email from other.staging.contacts").fetchall() == [("a@b.example",)]


@pytest.mark.parametrize(
    ("setting", "value"),
    [("memory_limit", "1.8 GiB"), ("threads", str(adhoc.THREADS)), ("max_temp_directory_size", "3.7 GiB")],
)
def test_the_limits_are_set(folder: Path, setting: str, value: str) -> None:
    assert ask(folder, f"select cast(current_setting('{setting}') as varchar)") == [(value,)]


def test_only_one_statement_and_only_one_that_reads(folder: Path) -> None:
    for query, told in [
        ("select 1; select 2", "one query; there are 2"),
        ("  -- nothing", "one query; there are 0"),
        ("create temp table t as select 1", "CREATE is not allowed"),
        ("select no_such_column from core.dim_teams", "cannot be answered.*no_such_column"),
        ("selec 1", "cannot be answered.*syntax error"),
    ]:
        with pytest.raises(BoussoleError, match=rf"(?s){told}"):
            ask(folder, query)


@pytest.mark.parametrize(
    "query", ["from kpis.totals", "describe core.dim_teams", "pivot core.dim_teams on team_id using sum(amount)"]
)
def test_what_reads_is_answered(folder: Path, query: str) -> None:
    assert ask(folder, query)


def test_a_query_that_takes_too_long_is_ended(folder: Path) -> None:
    began = time.monotonic()
    with pytest.raises(BoussoleError, match=r"ended after 0\.3 s.*--timeout"):
        ask(folder, "select sum(a.range * b.range) from range(1000000) a, range(1000000) b", timeout=0.3)
    assert time.monotonic() - began < 20


def test_nothing_is_left_of_what_was_spilled(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(folder / "tmp"))
    monkeypatch.setattr("tempfile.tempdir", None)
    (folder / "tmp").mkdir()
    assert ask(folder, "select 1") == [(1,)]
    assert list((folder / "tmp").iterdir()) == []


def test_the_command_in_each_format(folder: Path) -> None:
    query = "select team_id, amount, amount = 0 as is_zero, null as nothing from core.dim_teams order by 1"
    options = ("--publish-dir", str(folder / "published"))
    assert run_cli("sql", query, *options).stdout.splitlines() == [
        "team_id  amount  is_zero  nothing",
        "T0       0.0000  true        NULL",
        "T1       1.0000  false       NULL",
        "(2 rows)",
    ]
    assert run_cli("sql", query, "--format", "csv", *options).stdout.splitlines() == [
        "team_id,amount,is_zero,nothing",
        "T0,0.0000,true,",
        "T1,1.0000,false,",
    ]
    assert json.loads(run_cli("sql", query, "--format", "json", *options).stdout) == [
        {"team_id": "T0", "amount": 0, "is_zero": True, "nothing": None},
        {"team_id": "T1", "amount": 1, "is_zero": False, "nothing": None},
    ]


def test_the_query_from_the_standard_input_and_a_reader_that_leaves(folder: Path) -> None:
    command = f"{sys.executable} -m orchestration sql - --format csv --publish-dir {folder / 'published'}"
    ran = subprocess.run(
        ["/bin/sh", "-c", f"{command} | head -n 2"],
        input="from range(100000)",
        capture_output=True,
        text=True,
        cwd=REPOSITORY,
        check=True,
    )
    assert ran.stdout.split() == ["range", "0"]
    assert ran.stderr == ""


def test_errors_of_the_command_are_2(folder: Path) -> None:
    ran = run_cli("sql", "from nothing", "--publish-dir", str(folder / "published"))
    assert ran.returncode == 2
    assert "nothing does not exist" in ran.stderr
    ran = run_cli("sql", "select 1", "--publish-dir", str(folder / "none"))
    assert ran.returncode == 2
    assert "does not exist. Build and publish it" in ran.stderr
    assert "Traceback" not in ran.stderr
