"""The command line as a process: exit codes and messages of what cannot be run."""

from pathlib import Path

import pytest

from orchestration import lock
from orchestration.run_log import is_run_id
from tests.conftest import REPOSITORY, Warehouse, run_cli


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["run", "--nonsense"], "No such option '--nonsense'"),
        (["nonsense"], "No such command 'nonsense'"),
        (["run", "--as-of", "31/12/2024"], "YYYY-MM-DD"),
        (["run", "--vars", "[1"], "not valid YAML"),
        (["run", "--vars", "{low_n_treshold: 5}"], "Did you mean 'low_n_threshold'"),
        (["run", "--raw", "no/such/folder"], "--raw"),
        (["run", "--database", "core.duckdb"], "boussole.duckdb"),
        (["sample", "--scale", "0", "--out", "x"], "--scale"),
        (["sample"], "--out"),
    ],
)
def test_what_cannot_be_run_is_2(arguments: list[str], told: str) -> None:
    ran = run_cli(*arguments)
    assert ran.returncode == 2
    assert told in ran.stderr
    assert "Traceback" not in ran.stderr


def test_help_is_0() -> None:
    assert run_cli("--help").returncode == 0
    assert run_cli("run", "--help").returncode == 0


def test_a_held_lock_is_2_and_names_the_holder(tmp_path: Path) -> None:
    database = tmp_path / "boussole.duckdb"
    with lock.hold(lock.lock_path(database), "it"):
        ran = run_cli(
            "run", "--raw", str(tmp_path), "--database", str(database), "--publish-dir", str(tmp_path / "published")
        )
    assert ran.returncode == 2
    assert "is in use by process" in ran.stderr


def test_status_of_nothing_is_0(tmp_path: Path) -> None:
    ran = run_cli("status", "--database", str(tmp_path / "boussole.duckdb"), "--publish-dir", str(tmp_path))
    assert ran.returncode == 0
    assert "not built yet" in ran.stdout


def test_a_run_on_the_sample_is_published_whole(warehouse: Warehouse) -> None:
    assert warehouse.exit_code == 0
    assert "KPIs of" in warehouse.output
    assert "net revenue" in warehouse.output
    assert warehouse.published.exists()
    assert is_run_id(warehouse.published.resolve().parent.name)


def test_a_run_elsewhere_leaves_the_project_alone(warehouse: Warehouse) -> None:
    beside = {path.name for path in warehouse.database.parent.iterdir()}
    assert {"boussole.duckdb", "boussole.duckdb.files", "boussole.duckdb.lock", "published"} <= beside
    assert REPOSITORY not in warehouse.database.parents


def test_every_headline_of_the_sample_is_available(warehouse: Warehouse) -> None:
    headlines = warehouse.output.split("KPIs of")[1].split("Done in")[0]
    assert "not available" not in headlines
