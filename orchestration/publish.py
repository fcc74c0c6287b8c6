"""Publishes what a green build made: a read-only copy that readers can keep open while the next build runs.

    <publish_dir>/versions/<build_id>/boussole.duckdb                   one complete build, never changed afterwards
    <publish_dir>/versions/<build_id>/parquet/<schema>/<name>.parquet   the same tables, for what does not read DuckDB
    <publish_dir>/versions/<build_id>/manifest.json                     what it is, with checksums
    <publish_dir>/current -> versions/<build_id>                        swung by one rename

A version is built in a temporary folder, checked, and renamed into place; a reader sees the old build
or the new one, whole. A process that dies on the way leaves a `.tmp-…` folder that the next one removes.
"""

import contextlib
import re
import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path

import duckdb

from orchestration import manifest as manifests
from orchestration import versions
from orchestration.contract import personal_columns
from orchestration.errors import BoussoleError, CheckFailedError
from orchestration.manifest import Contents, Manifest
from orchestration.provenance import Provenance
from orchestration.settings import PROJECT_DIR, PUBLISHED_SCHEMAS
from orchestration.sql_text import literal, quoted

FILE_NAME = manifests.DATABASE_NAME
PARQUET_FOLDER = "parquet"
# The oldest format that every DuckDB from 1.4 on reads; 2.0's own is read by no 1.x.
STORAGE_VERSION = "v1.4.0"
# What every BI tool reads without loss. TIMESTAMP is UTC and its column ends in _at.
PUBLIC_TYPES = {"BIGINT", "INTEGER", "DOUBLE", "VARCHAR", "DATE", "TIMESTAMP", "BOOLEAN"}

Relation = tuple[str, str]


def publish(
    database: Path,
    publish_dir: Path,
    build_id: str,
    relations: Iterable[Relation],
    as_of_date: str | None = None,
    provenance: Provenance | None = None,
    keep: int = versions.LEAST_KEPT,
    audit: Callable[[Path], None] | None = None,
) -> Manifest:
    """Publishes relations of a database as the new current version.

    Args:
        database: The private database that dbt built; nobody may be writing it.
        publish_dir: Where versions are published.
        build_id: Name of the new version; later builds have later names.
        relations: (schema, name) of the tables and views to publish, in the schemas `core` and `kpis`.
        as_of_date: The day that the KPIs are as of, to be told to readers.
        provenance: What made the build, to be told to readers.
        keep: How many versions are kept, the new one included.
        audit: Looks at the folder of the new version before readers do, may add to it, and raises to refuse it.

    Raises:
        CheckFailedError: A relation is not fit to be published.
        BoussoleError: The folder cannot be used.
    """
    relations = sorted(relations)
    manifest = Manifest(
        build_id, manifests.now(), as_of_date, provenance or Provenance(), duckdb_version=duckdb.__version__
    )
    try:
        with versions.changing(publish_dir) as folder:
            draft = folder / f".tmp-{build_id}"
            draft.mkdir()
            try:
                manifest = _copy(database, draft / FILE_NAME, relations, manifest)
                _check_copy(draft, manifest.relations)
                if audit:
                    audit(draft)
                manifest = replace(manifest, files=manifests.files_of(draft))
                manifests.write(draft, manifest)
                versions.make_durable(draft)
                draft = draft.rename(folder / build_id)
                versions.sync(folder)
                versions.point_current_to(publish_dir, build_id)
            except BaseException:
                if draft.name != versions.current_id(publish_dir):
                    shutil.rmtree(draft, ignore_errors=True)
                raise
            versions.remove_old(publish_dir, keep)
    except (OSError, duckdb.Error) as error:
        raise BoussoleError(f"Cannot publish into {publish_dir}: {error}. Check the folder and the disk.") from error
    return manifest


def _copy(database: Path, target: Path, relations: list[Relation], manifest: Manifest) -> Manifest:
    """Copies the relations as tables with their comments and as Parquet; the manifest returned says what they hold."""
    # Views carry the name of the catalog they were made in, so it is attached under that name.
    source = quoted(database.stem)
    with contextlib.closing(duckdb.connect(":memory:")) as connection:
        connection.execute(f"set temp_directory = {literal(str(target.parent / 'spill'))}")
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(f"attach {literal(str(database))} as {source} (read_only)")
        _check_relations(connection, database.stem, relations)
        connection.execute(f"attach {literal(str(target))} as publication (storage_version {literal(STORAGE_VERSION)})")
        held: dict[str, Contents] = {}
        for schema in sorted({schema for schema, _ in relations}):
            connection.execute(f"create schema publication.{quoted(schema)}")
            (target.parent / PARQUET_FOLDER / schema).mkdir(parents=True)
        for schema, name in relations:
            relation = f"{quoted(schema)}.{quoted(name)}"
            connection.execute(f"create table publication.{relation} as select * from {source}.{relation}")
            parquet = literal(str(_parquet_file(target.parent, schema, name)))
            connection.execute(f"copy publication.{relation} to {parquet} (format parquet, compression zstd)")
            ((rows,),) = connection.execute(f"select count(*) from {source}.{relation}").fetchall()
            copied = manifests.read_contents(connection, f"publication.{relation}")
            held[f"{schema}.{name}"] = replace(copied, rows=rows)
        manifest = replace(manifest, relations=held)
        _copy_comments(connection, database.stem, relations)
        manifests.write_relations(connection, "publication", manifest)
        connection.execute("checkpoint publication")
        connection.execute("detach publication")
    shutil.rmtree(target.parent / "spill", ignore_errors=True)
    return manifest


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
    personal = personal_columns(PROJECT_DIR)
    if any(f"_{column.lower()}".endswith(f"_{name}") for name in personal):
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
            relation = f"publication.{quoted(schema)}.{quoted(name)}"
            connection.execute(f"comment on table {relation} is {literal(comment)}")
    for schema, name, column, comment in columns:
        if (schema, name) in wanted:
            relation = f"publication.{quoted(schema)}.{quoted(name)}"
            connection.execute(f"comment on column {relation}.{quoted(column)} is {literal(comment)}")


def _parquet_file(version: Path, schema: str, name: str) -> Path:
    return version / PARQUET_FOLDER / schema / f"{name}.parquet"


def _check_copy(version: Path, held: Mapping[str, Contents]) -> None:
    """Opens the copies as a reader does, counts and sums."""
    with contextlib.closing(duckdb.connect(str(version / FILE_NAME), read_only=True)) as connection:
        for relation, expected in held.items():
            schema, name = relation.split(".", 1)
            parquet = f"read_parquet({literal(str(_parquet_file(version, schema, name)))})"
            for copy in (f"{quoted(schema)}.{quoted(name)}", parquet):
                found = manifests.read_contents(connection, copy)
                if found != expected:
                    raise CheckFailedError(f"The copy of {relation} has {found} instead of {expected}. Run again.")
