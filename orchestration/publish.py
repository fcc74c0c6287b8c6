"""Publishes what a green build made: a read-only copy that readers can keep open while the next build runs.

    <publish_dir>/versions/<build_id>/boussole.duckdb                   one complete build, never changed afterwards
    <publish_dir>/versions/<build_id>/parquet/<schema>/<name>.parquet   the same tables, for what does not read DuckDB
    <publish_dir>/current -> versions/<build_id>                        swung by one rename

A version is built in a temporary folder, checked, and renamed into place; a reader sees the old build
or the new one, whole. A process that dies on the way leaves a `.tmp-…` folder that the next one removes.
"""

import contextlib
import datetime as dt
import json
import os
import re
import shutil
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

import duckdb

from orchestration import lock
from orchestration.errors import BoussoleError, CheckFailedError
from orchestration.run_log import is_run_id
from orchestration.settings import PUBLISHED_SCHEMAS

FILE_NAME = "boussole.duckdb"
PARQUET_FOLDER = "parquet"
KEPT_VERSIONS = 3
# The oldest format that every DuckDB from 1.4 on reads; 2.0's own is read by no 1.x.
STORAGE_VERSION = "v1.4.0"
# What every BI tool reads without loss. TIMESTAMP is UTC and its column ends in _at.
PUBLIC_TYPES = {"BIGINT", "INTEGER", "DOUBLE", "VARCHAR", "DATE", "TIMESTAMP", "BOOLEAN"}
# The personal data of the raw contract.
PERSONAL_COLUMNS = {"email", "phone", "full_name", "comment"}
LOCK_WAIT_SECONDS = 60.0

Relation = tuple[str, str]


@dataclass(frozen=True)
class Published:
    """One published version.

    Attributes:
        build_id: The run that built it.
        published_at: When it was published, UTC, ISO 8601.
        as_of_date: The day that its KPIs are as of, if known.
        rows: Number of rows of each `schema.relation`.
    """

    build_id: str
    published_at: str
    as_of_date: str | None
    rows: dict[str, int]


def publish(
    database: Path,
    publish_dir: Path,
    build_id: str,
    relations: Iterable[Relation],
    as_of_date: str | None = None,
) -> Published:
    """Publishes relations of a database as the new current version.

    Args:
        database: The private database that dbt built; nobody may be writing it.
        publish_dir: Where versions are published.
        build_id: Name of the new version; later builds have later names.
        relations: (schema, name) of the tables and views to publish, in the schemas `core` and `kpis`.
        as_of_date: The day that the KPIs are as of, to be told to readers.

    Raises:
        CheckFailedError: A relation is not fit to be published.
        BoussoleError: The folder cannot be used.
    """
    relations = sorted(relations)
    versions = publish_dir / "versions"
    version = versions / build_id
    folder = versions / f".tmp-{build_id}"
    try:
        with lock.hold(publish_dir / ".lock", f"The publication folder {publish_dir}", LOCK_WAIT_SECONDS):
            versions.mkdir(exist_ok=True)
            _remove_leftovers(publish_dir)
            folder.mkdir()
            try:
                rows = _copy(database, folder / FILE_NAME, relations)
                _check_copy(folder, rows)
                published = Published(build_id, dt.datetime.now(dt.UTC).isoformat(timespec="seconds"), as_of_date, rows)
                (folder / "build.json").write_text(json.dumps(asdict(published), indent=2) + "\n", encoding="utf-8")
                _make_durable(folder)
            except BaseException:
                shutil.rmtree(folder, ignore_errors=True)
                raise
            folder.rename(version)
            _sync(versions)
            _point_current_to(publish_dir, build_id)
            _remove_old_versions(publish_dir)
    except (OSError, duckdb.Error) as error:
        raise BoussoleError(f"Cannot publish into {publish_dir}: {error}. Check the folder and the disk.") from error
    return published


def current(publish_dir: Path) -> Published | None:
    """Returns the version that readers see now, or None if nothing is published."""
    try:
        content = json.loads((publish_dir / "current" / "build.json").read_text(encoding="utf-8"))
        return Published(**content)
    except (OSError, ValueError, TypeError):
        return None


def _copy(database: Path, target: Path, relations: list[Relation]) -> dict[str, int]:
    """Copies the relations as tables with their comments and as Parquet, and returns their numbers of rows."""
    # Views carry the name of the catalog they were made in, so it is attached under that name.
    source = _quoted(database.stem)
    with contextlib.closing(duckdb.connect(":memory:")) as connection:
        connection.execute(f"set temp_directory = {_literal(str(target.parent / 'spill'))}")
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(f"attach {_literal(str(database))} as {source} (read_only)")
        _check_relations(connection, database.stem, relations)
        connection.execute(
            f"attach {_literal(str(target))} as publication (storage_version {_literal(STORAGE_VERSION)})"
        )
        rows = {}
        for schema in sorted({schema for schema, _ in relations}):
            connection.execute(f"create schema publication.{_quoted(schema)}")
            (target.parent / PARQUET_FOLDER / schema).mkdir(parents=True)
        for schema, name in relations:
            relation = f"{_quoted(schema)}.{_quoted(name)}"
            connection.execute(f"create table publication.{relation} as select * from {source}.{relation}")
            parquet = _literal(str(_parquet_file(target.parent, schema, name)))
            connection.execute(f"copy publication.{relation} to {parquet} (format parquet, compression zstd)")
            counted = connection.execute(f"select count(*) from {source}.{relation}").fetchone()
            rows[f"{schema}.{name}"] = int(counted[0]) if counted else 0
        _copy_comments(connection, database.stem, relations)
        connection.execute("checkpoint publication")
        connection.execute("detach publication")
    shutil.rmtree(target.parent / "spill", ignore_errors=True)
    return rows


def _check_relations(connection: duckdb.DuckDBPyConnection, catalog: str, relations: list[Relation]) -> None:
    """Refuses relations outside the public schemas, and columns that BI tools cannot read or nobody may see."""
    if not relations:
        raise CheckFailedError("There is nothing to publish: the build made no relation in core or kpis.")
    columns = connection.execute(
        "select schema_name, table_name, column_name, data_type from duckdb_columns() "
        "where database_name = ? order by schema_name, table_name, column_index",
        [catalog],
    ).fetchall()
    existing = {(schema, table) for schema, table, _, _ in columns}
    for schema, name in relations:
        if schema not in PUBLISHED_SCHEMAS:
            raise CheckFailedError(f"{schema}.{name} is not in a public schema ({', '.join(PUBLISHED_SCHEMAS)}).")
        if (schema, name) not in existing:
            raise CheckFailedError(f"{schema}.{name} is not in the database. Run again with --full-refresh.")
    problems = [
        f"{schema}.{table}.{column}: {problem}"
        for schema, table, column, data_type in columns
        if (schema, table) in set(relations) and (problem := _column_problem(column, data_type))
    ]
    if problems:
        raise CheckFailedError("Nothing was published. Change these columns in their models:\n" + "\n".join(problems))


def _column_problem(column: str, data_type: str) -> str | None:
    if column.lower() in PERSONAL_COLUMNS:
        return "personal data is never published; leave it out"
    if data_type not in PUBLIC_TYPES and not re.fullmatch(r"DECIMAL\(\d+,\d+\)", data_type):
        allowed = ", ".join([*sorted(PUBLIC_TYPES), "DECIMAL"])
        return f"BI tools cannot be relied on to read {data_type}; cast it to one of {allowed}"
    if data_type == "TIMESTAMP" and not column.endswith("_at"):
        return "a TIMESTAMP is an instant in UTC and its name ends in _at"
    return None


def _copy_comments(connection: duckdb.DuckDBPyConnection, catalog: str, relations: list[Relation]) -> None:
    """A copy by query loses comments, which BI tools show as descriptions."""
    tables = connection.execute(
        "select schema_name, table_name, comment from duckdb_tables() where database_name = $1 and comment is not null "
        "union all "
        "select schema_name, view_name, comment from duckdb_views() where database_name = $1 and comment is not null",
        [catalog],
    ).fetchall()
    columns = connection.execute(
        "select schema_name, table_name, column_name, comment from duckdb_columns() "
        "where database_name = ? and comment is not null",
        [catalog],
    ).fetchall()
    wanted = set(relations)
    for schema, name, comment in tables:
        if (schema, name) in wanted:
            relation = f"publication.{_quoted(schema)}.{_quoted(name)}"
            connection.execute(f"comment on table {relation} is {_literal(comment)}")
    for schema, name, column, comment in columns:
        if (schema, name) in wanted:
            relation = f"publication.{_quoted(schema)}.{_quoted(name)}"
            connection.execute(f"comment on column {relation}.{_quoted(column)} is {_literal(comment)}")


def _parquet_file(folder: Path, schema: str, name: str) -> Path:
    return folder / PARQUET_FOLDER / schema / f"{name}.parquet"


def _check_copy(folder: Path, rows: dict[str, int]) -> None:
    """Opens the copies as a reader does and counts."""
    with contextlib.closing(duckdb.connect(str(folder / FILE_NAME), read_only=True)) as connection:
        for relation, expected in rows.items():
            schema, name = relation.split(".", 1)
            parquet = f"read_parquet({_literal(str(_parquet_file(folder, schema, name)))})"
            for copy in (f"{_quoted(schema)}.{_quoted(name)}", parquet):
                found = connection.execute(f"select count(*) from {copy}").fetchone()
                if found != (expected,):
                    raise CheckFailedError(f"The copy of {relation} has {found} rows instead of {expected}. Run again.")


def _make_durable(folder: Path) -> None:
    """Makes the files of a version read-only and forces them to the disk."""
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_file():
            path.chmod(0o444)
        _sync(path)
    _sync(folder)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _point_current_to(publish_dir: Path, build_id: str) -> None:
    link = publish_dir / f".current-{build_id}"
    link.symlink_to(Path("versions") / build_id, target_is_directory=True)
    link.replace(publish_dir / "current")
    _sync(publish_dir)


def _remove_leftovers(publish_dir: Path) -> None:
    """Removes what dead processes left; the lock says that no living one is publishing."""
    for folder in (publish_dir / "versions").glob(".tmp-*"):
        shutil.rmtree(folder)
    for link in publish_dir.glob(".current-*"):
        link.unlink()


def _remove_old_versions(publish_dir: Path) -> None:
    """Keeps the newest versions, because readers may be opening them, and what `current` points to."""
    shown = (publish_dir / "current").resolve().name
    versions = sorted(v for v in (publish_dir / "versions").iterdir() if is_run_id(v.name))
    for version in versions[:-KEPT_VERSIONS]:
        if version.name != shown:
            shutil.rmtree(version, ignore_errors=True)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
