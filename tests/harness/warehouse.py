"""A warehouse that DuckDB builds from compiled SQL, in memory or in a file, without dbt."""

from __future__ import annotations

import csv
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

import duckdb

if TYPE_CHECKING:
    from .compiled import Compiled, DataTest, Model

# as csv_options() of the project, less what only words its messages
READ_CSV = "auto_detect = false, header = true, delim = ',', quote = '\"', escape = '\"'"
REGISTRY = (
    "create or replace table raw.file_registry (table_name varchar, path varchar, format varchar, size_bytes bigint,"
    " modified_at timestamp, checksum varchar, row_count bigint, unknown_columns varchar, raw_dir varchar,"
    " contract_columns varchar)"
)


def csv_files(folder: Path) -> dict[str, list[Path]]:
    """Table -> its files, one or a folder of part files, in byte order."""
    files: dict[str, list[Path]] = {}
    for path in sorted([*folder.glob("*.csv"), *folder.glob("*/*.csv")], key=lambda path: str(path).encode()):
        files.setdefault(path.stem if path.parent == folder else path.parent.name, []).append(path)
    return files


class Warehouse:
    """`load` makes the raw tables, `build` the models; `connection` is in the database of the compiled SQL."""

    def __init__(self, compiled: Compiled, database: Path | None = None) -> None:
        self._compiled = compiled
        self.connection = duckdb.connect(config={"threads": 1})  # one thread adds doubles in one order
        self.connection.execute("set TimeZone = 'UTC'")
        self.connection.execute("set enable_progress_bar = false")  # on where a process has no main file
        self.connection.execute(f"attach '{database or ':memory:'}' as boussole")
        self.connection.execute("use boussole")
        if database is None:
            self._copy_seeds()

    def __enter__(self) -> Warehouse:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.connection.close()

    def _copy_seeds(self) -> None:
        self.connection.execute(f"attach '{self._compiled.seeds}' as seeds (read_only)")
        self.connection.execute("create schema if not exists boussole.seeds")
        for seed in (one for one in self._compiled.models if one.kind == "seed"):
            self.connection.execute(f"create table {seed.relation} as from seeds.seeds.{seed.name}")
        self.connection.execute("detach seeds")

    def load(self, files: Mapping[str, Sequence[Path]]) -> None:
        """Makes the raw tables as the registration of a raw folder does, from CSV; a table without files is empty."""
        self.connection.execute("create schema if not exists raw")
        self.connection.execute(REGISTRY)
        for table, columns in self._compiled.raw.items():
            typed = ", ".join(f"{column} varchar" for column in columns)
            self.connection.execute(
                f"create or replace table raw.{table} ({typed}, _source_file varchar, _record_number bigint)"
            )
            for path in files.get(table, ()):
                self._load_file(table, columns, path)

    def _load_file(self, table: str, columns: Sequence[str], path: Path) -> None:
        with path.open(encoding="utf-8", newline="") as file:
            header = next(csv.reader(file))
        selected = ", ".join(f'"{c}"' if c in header else f"null as {c}" for c in columns)
        types = ", ".join(f"'{name}': 'VARCHAR'" for name in header)
        name = f"{table}/{path.name}" if path.parent.name == table else path.name
        loaded = self.connection.execute(
            f"insert into raw.{table} select {selected}, ?, row_number() over ()"
            f" from read_csv('{path}', columns = {{{types}}}, {READ_CSV})",
            [name],
        ).fetchone()
        self.connection.execute(
            "insert into raw.file_registry (table_name, path, format, row_count) values (?, ?, 'csv', ?)",
            [table, name, loaded[0] if loaded else 0],
        )

    def build(self, only: Collection[str] | None = None) -> None:
        """Builds the models, or those of these ids, in the order of their references."""
        for model in self._compiled.models:
            if model.kind != "seed" and (only is None or model.id in only):
                self.build_model(model)

    def build_model(self, model: Model) -> None:
        """One relation, in the way of dbt: where a contract is enforced its types hold."""
        schema = model.relation.rsplit(".", 1)[0]
        self.connection.execute(f"create schema if not exists {schema}")
        if model.kind == "view":
            self.connection.execute(f"create or replace view {model.relation} as {model.sql}")
        elif model.columns:
            typed = ", ".join(f"{name} {kind}" for name, kind in model.columns)
            names = ", ".join(name for name, _ in model.columns)
            self.connection.execute(f"create or replace table {model.relation} ({typed})")
            self.connection.execute(f"insert into {model.relation} select {names} from (\n{model.sql}\n)")
        else:
            self.connection.execute(f"create or replace table {model.relation} as {model.sql}")

    def failures(self, test: DataTest) -> int:
        """How many failures a test of the project counts."""
        counted = self.connection.execute(f"select {test.fail_calc} from (\n{test.sql}\n) as failing").fetchone()
        return int(counted[0] or 0) if counted else 0

    def failing_tests(self, tests: Sequence[DataTest]) -> list[str]:
        """The tests that fail and stop a run."""
        return [test.name for test in tests if test.is_error and self.failures(test)]


def rows_of_one_only(connection: duckdb.DuckDBPyConnection, one: str, other: str) -> int:
    """How many rows two relations do not share, with their repetitions."""
    counted = connection.execute(
        f"select (select count(*) from (from {one} except all from {other}))"
        f" + (select count(*) from (from {other} except all from {one}))"
    ).fetchone()
    return int(counted[0]) if counted else 0
