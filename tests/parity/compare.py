"""Compares two DuckDB files relation by relation: the warehouse of one engine and the copy of another's results.

Rows are matched by their keys, counts, text, dates and decimals, which must be equal; doubles may differ by 1e-9 of
their size.
"""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

TOLERANCE = 1e-9


@dataclass(frozen=True)
class Comparison:
    """One relation on both sides.

    Attributes:
        relation: `schema.name`.
        first_rows: Its rows in the first file, None if it is not there.
        second_rows: The same of the second file.
        problem: Columns or types that differ, in words.
        differing: Column -> number of rows in which it differs.
    """

    relation: str
    first_rows: int | None
    second_rows: int | None
    problem: str | None = None
    differing: tuple[tuple[str, int], ...] = ()

    @property
    def is_same(self) -> bool:
        """Whether nothing differs."""
        return self.first_rows == self.second_rows and self.problem is None and not self.differing


def compare(first: Path, second: Path, schemas: Sequence[str]) -> list[Comparison]:
    """Returns a comparison of every relation that one of the files has in these schemas."""
    with contextlib.closing(duckdb.connect(":memory:")) as connection:
        connection.execute("set TimeZone = 'UTC'")
        for name, file in (("first", first), ("second", second)):
            # Views name the catalog that they were made in, which is why only tables are compared.
            connection.execute(f"attach '{file}' as {name}_file (read_only)")
        listed = connection.execute(
            "select distinct schema_name || '.' || table_name from duckdb_tables() "
            "where database_name in ('first_file', 'second_file') and list_contains($1, schema_name) order by 1",
            [list(schemas)],
        ).fetchall()
        return [_compare(connection, relation) for (relation,) in listed]


def _compare(connection: duckdb.DuckDBPyConnection, relation: str) -> Comparison:
    types = [_types(connection, side, relation) for side in ("first_file", "second_file")]
    rows = [_count(connection, side, relation) if kinds else None for side, kinds in zip(_SIDES, types, strict=True)]
    if types[0] != types[1]:
        odd = sorted({f"{name} {kind}" for name, kind in types[0].items() ^ types[1].items()})
        return Comparison(relation, rows[0], rows[1], "columns: " + ", ".join(odd))
    # Doubles come last in the order, so that a difference within the tolerance does not move a row.
    names = sorted(types[0], key=lambda name: types[0][name] == "DOUBLE")
    order = ", ".join(f'"{name}" nulls last' for name in names)
    for side in _SIDES:
        connection.execute(
            f"create or replace temp table {side}_rows as "
            f"select *, row_number() over (order by {order}) as position_of_row from {side}.{relation}"
        )
    counted = connection.execute(
        "select " + ", ".join(f"count(*) filter (where {_differs(name, types[0][name])})" for name in names) + " from "
        "first_file_rows as a full join second_file_rows as b on a.position_of_row = b.position_of_row"
    ).fetchone()
    differing = tuple((name, n) for name, n in zip(names, counted or (), strict=True) if n)
    return Comparison(relation, rows[0], rows[1], None, differing)


_SIDES = ("first_file", "second_file")


def _differs(name: str, kind: str) -> str:
    a, b = f'a."{name}"', f'b."{name}"'
    if kind != "DOUBLE":
        return f"{a} is distinct from {b}"
    close = f"{a} = {b} or abs({a} - {b}) <= {TOLERANCE} * greatest(abs({a}), abs({b}))"
    return f"({a} is null) <> ({b} is null) or not coalesce({close}, true)"


def _types(connection: duckdb.DuckDBPyConnection, side: str, relation: str) -> dict[str, str]:
    columns = connection.execute(
        "select column_name, data_type from duckdb_columns() "
        "where database_name = ? and schema_name || '.' || table_name = ?",
        [side, relation],
    ).fetchall()
    return dict(columns)


def _count(connection: duckdb.DuckDBPyConnection, side: str, relation: str) -> int:
    found = connection.execute(f"select count(*) from {side}.{relation}").fetchone()
    return int(found[0]) if found else 0
