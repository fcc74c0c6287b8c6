"""Fixtures of the real data sets: map once, run the warehouse once, per session and data set."""

import functools
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from tests.real.mapping import DATASETS, REPOSITORY, map_dataset

pytest.register_assert_rewrite("tests.real.figures")

RUN_TIMEOUT_SECONDS = 900


@dataclass(frozen=True)
class RealWarehouse:
    """A warehouse that was built from a real data set."""

    raw_dir: Path
    database: Path

    def connect(self) -> duckdb.DuckDBPyConnection:
        """Opens the warehouse to read."""
        return duckdb.connect(str(self.database), read_only=True)


@pytest.fixture(scope="session")
def raw_folder(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Maps a data set into a raw folder; skips where the data is not on this machine."""

    @functools.cache
    def mapped(name: str) -> Path:
        dataset = DATASETS[name]
        if not dataset.source_dir.is_dir():
            pytest.skip(f"real data is not in ../shared/data/{dataset.name}")
        return map_dataset(dataset, tmp_path_factory.mktemp(name) / "raw")

    return mapped


@pytest.fixture(scope="session")
def real_warehouse(
    raw_folder: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], RealWarehouse]:
    """Runs the warehouse on a mapped data set, by its command line."""

    @functools.cache
    def built(name: str) -> RealWarehouse:
        dataset = DATASETS[name]
        raw_dir = raw_folder(name)
        folder = tmp_path_factory.mktemp(f"{name}_warehouse")
        database = folder / "boussole.duckdb"
        command = [sys.executable, "-m", "orchestration", "run"]
        command += ["--raw", str(raw_dir), "--database", str(database), "--publish-dir", str(folder / "published")]
        command += ["--vars", dataset.vars_yaml]
        if dataset.as_of:
            command += ["--as-of", dataset.as_of]
        run = subprocess.run(
            command, cwd=REPOSITORY, capture_output=True, text=True, timeout=RUN_TIMEOUT_SECONDS, check=False
        )
        if run.returncode != 0:
            pytest.fail(f"{' '.join(command)} answered {run.returncode}\n{run.stdout}\n{run.stderr}", pytrace=False)
        return RealWarehouse(raw_dir, database)

    return built


def open_raw(raw_dir: Path) -> duckdb.DuckDBPyConnection:
    """Opens the raw tables of a folder as views, all columns of text files as text."""
    connection = duckdb.connect(config={"threads": 2})
    for file in sorted(raw_dir.iterdir()):
        reader = "read_parquet('{}')" if file.suffix == ".parquet" else "read_csv('{}', all_varchar = true)"
        connection.execute(f"create view {file.name.split('.')[0]} as select * from {reader.format(file)}")
    return connection
