"""The manifest of a published version: what it is, what it holds, and whether it still holds that.

It is `manifest.json` beside the file, and `build.manifest` and `build.relations` inside it, where a query finds them.
"""

import contextlib
import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from orchestration.provenance import Provenance
from orchestration.sql_text import literal, quoted

NAME = "manifest.json"
SCHEMA = "build"
DATABASE_NAME = "boussole.duckdb"
# Of versions that were published before there was a manifest; it has rows and no checksums.
_OLD_NAME = "build.json"


@dataclass(frozen=True)
class Contents:
    """The rows of a relation, and their checksum: the sum of a hash of each row, whatever their order."""

    rows: int
    checksum: str | None = None


@dataclass(frozen=True)
class File:
    """A file of a version: its size in bytes and its SHA-256."""

    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """One published version.

    Attributes:
        build_id: The run that built it.
        published_at: When it was published, UTC, ISO 8601.
        as_of_date: The day that its KPIs are as of, if known.
        provenance: What made it.
        relations: What each `schema.relation` holds.
        files: The files of the version, by path, without the manifest itself.
        duckdb_version: The version of DuckDB that wrote the file and summed the checksums; None in old versions.
    """

    build_id: str
    published_at: str
    as_of_date: str | None
    provenance: Provenance = field(default_factory=Provenance)
    relations: Mapping[str, Contents] = field(default_factory=dict)
    files: Mapping[str, File] = field(default_factory=dict)
    duckdb_version: str | None = None

    @property
    def rows(self) -> dict[str, int]:
        """Number of rows of each relation."""
        return {name: contents.rows for name, contents in self.relations.items()}


def now() -> str:
    """Returns this moment as manifests write it."""
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")


def read_contents(connection: duckdb.DuckDBPyConnection, relation: str) -> Contents:
    """Counts the rows of what `relation` names in SQL, and sums their hashes, which depend on DuckDB's version."""
    # A sum: with `xor`, two equal rows would cancel each other out.
    ((rows, checksum),) = connection.execute(
        f"select count(*), cast(coalesce(sum(hash(_row)), 0) as varchar) from {relation} as _row"
    ).fetchall()
    return Contents(int(rows), str(checksum))


def write_relations(connection: duckdb.DuckDBPyConnection, catalog: str, manifest: Manifest) -> None:
    """Writes the manifest into the database `catalog`, as what a query can read; files cannot name themselves."""
    made, schema = manifest.provenance, f"{quoted(catalog)}.{SCHEMA}"
    connection.execute(f"create schema {schema}")
    connection.execute(
        f"""
        create table {schema}.manifest as select
            cast($1 as varchar) as build_id,
            cast(cast($2 as timestamptz) as timestamp) as published_at,
            cast($3 as date) as as_of_date,
            cast($4 as varchar) as engine,
            cast($5 as varchar) as git_commit,
            cast($6 as boolean) as is_dirty,
            cast($7 as bigint) as tests_passed,
            cast($8 as bigint) as tests_warned,
            cast($9 as bigint) as tests_failed,
            cast($10 as varchar) as packages
        """,
        [
            *(manifest.build_id, manifest.published_at, manifest.as_of_date),
            *(made.engine, made.git_commit, made.is_dirty),
            *(made.tests.get(ending) for ending in ("passed", "warned", "failed")),
            ", ".join(f"{name} {version}" for name, version in made.packages.items()),
        ],
    )
    connection.execute(
        f"create table {schema}.relations "
        "(schema_name varchar, relation_name varchar, row_count bigint, checksum varchar)"
    )
    connection.executemany(
        f"insert into {schema}.relations values (?, ?, ?, ?)",
        [[*name.split(".", 1), one.rows, one.checksum] for name, one in sorted(manifest.relations.items())],
    )
    for table, comment, columns in _COMMENTS:
        connection.execute(f"comment on table {schema}.{table} is {literal(comment)}")
        for column, text in columns.items():
            connection.execute(f"comment on column {schema}.{table}.{column} is {literal(text)}")


_COMMENTS: tuple[tuple[str, str, dict[str, str]], ...] = (
    (
        "manifest",
        "What this build is. One row.",
        {
            "build_id": "The run that built it; later builds have later ids.",
            "published_at": "When it was published, UTC.",
            "as_of_date": "The day that every KPI is as of.",
            "engine": "The kind of database that computed it.",
            "git_commit": "Commit of the project; NULL outside a repository.",
            "is_dirty": "Whether the project had changes that are not in that commit.",
            "tests_passed": "Number of tests that passed.",
            "tests_warned": "Number of tests that warned.",
            "tests_failed": "Number of tests that failed: 0, else nothing is published.",
            "packages": "Versions of the packages that decide the numbers.",
        },
    ),
    (
        "relations",
        "What this build holds. One row per published relation.",
        {
            "schema_name": "Schema of the relation.",
            "relation_name": "Name of the relation.",
            "row_count": "Number of its rows.",
            "checksum": "Sum of a hash of each row: equal for equal rows in any order, under one version of DuckDB.",
        },
    ),
)


def files_of(version: Path) -> dict[str, File]:
    """Returns the files of a version, by path; the manifest cannot hold its own checksum."""
    return {
        path.relative_to(version).as_posix(): File(path.stat().st_size, _sha256(path))
        for path in sorted(version.rglob("*"))
        if path.is_file() and path.name not in (NAME, _OLD_NAME)
    }


def write(version: Path, manifest: Manifest) -> None:
    """Writes the manifest of a version that is about to be published."""
    (version / NAME).write_text(json.dumps(asdict(manifest), indent=2) + "\n", encoding="utf-8")


def read(version: Path) -> Manifest | None:
    """Returns the manifest of a version, or None if there is none that can be read."""
    try:
        if (version / NAME).exists():
            return _parse(json.loads((version / NAME).read_text(encoding="utf-8")))
        old = json.loads((version / _OLD_NAME).read_text(encoding="utf-8"))
        relations = {name: Contents(rows) for name, rows in old.pop("rows").items()}
        return Manifest(**old, relations=relations)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


def _parse(content: dict[str, Any]) -> Manifest:
    return Manifest(
        build_id=content["build_id"],
        published_at=content["published_at"],
        as_of_date=content["as_of_date"],
        provenance=Provenance(**content["provenance"]),
        relations={name: Contents(**one) for name, one in content["relations"].items()},
        files={name: File(**one) for name, one in content["files"].items()},
        duckdb_version=content["duckdb_version"],
    )


def differences(version: Path) -> list[str]:
    """Returns in what a published version differs from its manifest; nothing if it is what was published."""
    manifest = read(version)
    if manifest is None:
        return [f"{version.name} has no {NAME} that can be read"]
    found = [] if manifest.build_id == version.name else [f"the manifest is that of {manifest.build_id}"]
    if manifest.duckdb_version:
        found += _compare(manifest.files, files_of(version))
    try:
        with contextlib.closing(duckdb.connect(str(version / DATABASE_NAME), read_only=True)) as connection:
            return found + _differing_relations(connection, manifest)
    except duckdb.Error as error:
        return [*found, f"{DATABASE_NAME} cannot be read: {error}"]


def _differing_relations(connection: duckdb.DuckDBPyConnection, manifest: Manifest) -> list[str]:
    tables = connection.execute(
        "select schema_name, table_name from duckdb_tables() where schema_name <> ?", [SCHEMA]
    ).fetchall()
    held = {
        f"{schema}.{name}": read_contents(connection, f"{quoted(schema)}.{quoted(name)}") for schema, name in tables
    }
    promised = dict(manifest.relations)
    if manifest.duckdb_version != duckdb.__version__:
        # Another version hashes otherwise; the SHA-256 of the file speaks for the values.
        held, promised = _without_checksums(held), _without_checksums(promised)
    found = _compare(promised, held)
    if manifest.duckdb_version:
        inside = connection.execute(f"select build_id from {SCHEMA}.manifest").fetchall()
        if inside != [(manifest.build_id,)]:
            found.append(f"{SCHEMA}.manifest says {inside}")
    return found


def _without_checksums(relations: Mapping[str, Contents]) -> dict[str, Contents]:
    return {name: Contents(one.rows) for name, one in relations.items()}


def _compare(promised: Mapping[str, object], held: Mapping[str, object]) -> list[str]:
    names: Iterable[str] = sorted({*promised, *held})
    return [
        f"{name}: the manifest says {promised.get(name, 'nothing')}, there is {held.get(name, 'nothing')}"
        for name in names
        if promised.get(name) != held.get(name)
    ]


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
