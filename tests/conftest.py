"""Warehouses for tests, built by the command line as a user builds them, each in a temporary folder."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration.lock import hold

REPOSITORY = Path(__file__).resolve().parent.parent
RUN_TIMEOUT_SECONDS = 900


@dataclass(frozen=True)
class Warehouse:
    """A warehouse that the command line built, and what it answered."""

    raw_dir: Path
    database: Path
    publish_dir: Path
    exit_code: int
    output: str
    errors: str

    @property
    def published(self) -> Path:
        """The file that readers open."""
        return self.publish_dir / "current" / "boussole.duckdb"

    def connect(self) -> duckdb.DuckDBPyConnection:
        """Opens the private database to read; the caller closes it."""
        return duckdb.connect(str(self.database), read_only=True)


def run_cli(*arguments: str, timeout: float = RUN_TIMEOUT_SECONDS) -> subprocess.CompletedProcess[str]:
    """Runs `python -m orchestration` as a user does, without the caller's Boussole and dbt settings."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("BOUSSOLE_", "DBT_"))}
    return subprocess.run(
        [sys.executable, "-m", "orchestration", *arguments],
        cwd=REPOSITORY,
        env=environment,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=timeout,
        check=False,
    )


RunWarehouse = Callable[..., Warehouse]


@pytest.fixture(scope="session")
def run_warehouse(tmp_path_factory: pytest.TempPathFactory) -> RunWarehouse:
    """A function that builds a warehouse from raw tables.

    `run_warehouse(raw_dir, vars={…}, as_of="2024-12-31")` fails the test unless the run ends with
    `exit_code` (0), and returns a `Warehouse`. `folder` runs again on an earlier one. `data_tests=False`
    builds the models only, in half the time, and publishes nothing; so does `select`, of these models.
    """

    def run(
        raw_dir: Path,
        vars: Mapping[str, Any] | None = None,  # noqa: A002 - named after dbt's option
        as_of: str | None = None,
        exit_code: int | None = 0,
        folder: Path | None = None,
        data_tests: bool = True,
        select: str | None = None,
    ) -> Warehouse:
        folder = folder or tmp_path_factory.mktemp("warehouse")
        database, publish_dir = folder / "boussole.duckdb", folder / "published"
        arguments = ["run", "--raw", str(raw_dir), "--database", str(database), "--publish-dir", str(publish_dir)]
        if vars:
            arguments += ["--vars", json.dumps(dict(vars), default=str)]
        if as_of:
            arguments += ["--as-of", str(as_of)]
        if not data_tests:
            arguments.append("--no-tests")
        if select:
            arguments += ["--select", select]
        ran = run_cli(*arguments)
        if exit_code is not None and ran.returncode != exit_code:
            pytest.fail(
                f"{' '.join(arguments)} answered {ran.returncode}, not {exit_code}\n{ran.stdout}\n{ran.stderr}",
                pytrace=False,
            )
        return Warehouse(raw_dir, database, publish_dir, ran.returncode, ran.stdout, ran.stderr)

    return run


def shared_folder(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A temporary folder of this run of the tests, the same in every worker."""
    base = tmp_path_factory.getbasetemp()
    return base if worker_id == "master" else base.parent


@pytest.fixture(scope="session")
def warehouse(run_warehouse: RunWarehouse, tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Warehouse:
    """The warehouse of the sample data: one full run, shared by every test that needs built marts, in every worker."""
    shared = shared_folder(tmp_path_factory, worker_id)
    folder, report = shared / "sample_warehouse", shared / "sample_warehouse.json"
    with hold(shared / "sample_warehouse.lock", "The warehouse of the sample", RUN_TIMEOUT_SECONDS):
        if report.exists():
            output, errors = json.loads(report.read_text(encoding="utf-8"))
            raw_dir, database = REPOSITORY / "sample_data", folder / "boussole.duckdb"
            return Warehouse(raw_dir, database, folder / "published", 0, output, errors)
        folder.mkdir(exist_ok=True)
        built = run_warehouse(REPOSITORY / "sample_data", folder=folder)
        report.write_text(json.dumps([built.output, built.errors]), encoding="utf-8")
        return built
