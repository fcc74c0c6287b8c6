"""What is expected of the raw tables: derived from the raw contract and from what the previous build read."""

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

import duckdb

from orchestration import contract
from orchestration.audit.check import STOP, WARN, Check, no_rows, thresholds
from orchestration.contract import Column, Table
from orchestration.sql_text import literal

SCHEMA = "raw"
_LAST = 0.999
# What a file may bring for a column of the contract; text is always welcome, and read value by value.
_NUMBERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT")
_DECIMALS = (*_NUMBERS, "DECIMAL", "FLOAT", "DOUBLE")
_DATES = ("DATE", "TIMESTAMP", "TIMESTAMP WITH TIME ZONE", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS")
_PHYSICAL: Mapping[str, tuple[str, ...]] = {
    "text": (*_DECIMALS, "UUID", "BOOLEAN"),
    "integer": _DECIMALS,
    "decimal": _DECIMALS,
    "rate": _DECIMALS,
    "share": _DECIMALS,
    "boolean": (*_NUMBERS, "BOOLEAN"),
    "date": _DATES,
    "timestamp": _DATES,
}


def raw_checks(project_dir: Path, database: duckdb.DuckDBPyConnection, before: Mapping[str, int]) -> list[Check]:
    """Returns the checks of the raw tables that a database has.

    Args:
        project_dir: Project with the raw contract; without one there is nothing to expect.
        database: The private database, whose schema `raw` holds what the files say.
        before: Rows of each raw table that the published build was made of.
    """
    if not (project_dir / contract.SOURCES).exists():
        return []
    types: dict[str, dict[str, str]] = {}
    for table, column, data_type in database.execute(
        "select table_name, column_name, data_type from duckdb_columns() "
        "where schema_name = 'raw' and database_name = current_database()"
    ).fetchall():
        types.setdefault(table, {})[column] = data_type
    tables = [table for table in contract.load(project_dir) if _is_supplied(database, table.name, types)]
    parents = {table.keys[0].name: table.name for table in tables if len(table.keys) == 1}
    last_dates = {table.name: date for table in tables if (date := _last_date(table, types[table.name]))}
    return [
        check
        for table in tables
        for check in (
            *_schema(table, types[table.name]),
            *_volume(table, before),
            *_values(table, types[table.name]),
            *_orphans(table, types[table.name], parents),
            *_freshness(table, last_dates),
        )
    ]


def raw_rows(database: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Returns the rows of each raw table, for the next build to compare with."""
    names = database.execute(
        "select table_name from duckdb_tables() where schema_name = 'raw' and database_name = current_database() "
        "union select view_name from duckdb_views() where schema_name = 'raw' and database_name = current_database()"
    ).fetchall()
    counted = {}
    for (name,) in sorted(names):
        ((counted[name],),) = database.execute(f'select count(*) from raw."{name}"').fetchall()
    return counted


def _is_supplied(database: duckdb.DuckDBPyConnection, table: str, types: Collection[str]) -> bool:
    """A table that is not supplied is there without a row; its KPIs are NULL, and nothing is expected of it."""
    if table not in types:
        return False
    return bool(database.execute(f'select 1 from raw."{table}" limit 1').fetchall())


def _schema(table: Table, types: Mapping[str, str]) -> Iterator[Check]:
    relation = (SCHEMA, table.name)
    for column in table.columns:
        if column.is_key or column.meta.get("mandatory"):
            title = f"has the column {column.name}, which the contract asks for"
            yield Check(relation, title, "ExpectColumnToExist", {"column": column.name})
    wrong = " or ".join(
        f"(column_name = {literal(column.name)} and split_part(data_type, '(', 1) not in "
        f"({', '.join(literal(one) for one in ('VARCHAR', *_PHYSICAL[column.type]))}))"
        for column in table.columns
        if column.name in types
    )
    yield no_rows(
        relation,
        "has columns of types that the contract's can be read from",
        f"select column_name, data_type from duckdb_columns() where schema_name = 'raw' "
        f"and table_name = {literal(table.name)} and ({wrong}) and exists (select 1 from {{batch}})",
        WARN,
    )


def _volume(table: Table, before: Mapping[str, int]) -> Iterator[Check]:
    limits = thresholds()["raw"]["missing_rows"]
    if before.get(table.name, 0) < thresholds()["raw"]["least_rows"]:
        return
    for severity, share in ((STOP, limits["stop"]), (WARN, limits["warn"])):
        least = int(before[table.name] * (1 - share))
        title = f"has at most {share:.0%} fewer rows than the {before[table.name]:,} of the published build"
        arguments = {"min_value": least}
        yield Check((SCHEMA, table.name), title, "ExpectTableRowCountToBeBetween", arguments, severity, True)


def _values(table: Table, types: Mapping[str, str]) -> Iterator[Check]:
    relation = (SCHEMA, table.name)
    for column in table.columns:
        if column.name not in types:
            continue
        blank = f"coalesce(trim(cast({column.name} as varchar)), '') = ''"
        if (column.meta.get("key") or column.meta.get("mandatory")) and not column.meta.get("default"):
            yield _share(relation, f"says {column.name}", blank, "missing_keys")
        if accepted := column.meta.get("accepted"):
            known = ", ".join(literal(str(value).lower()) for value in accepted)
            outside = f"not {blank} and lower(trim(cast({column.name} as varchar))) not in ({known})"
            yield _share(relation, f"has {', '.join(map(str, accepted))} in {column.name}", outside, "unknown_values")


def _orphans(table: Table, types: Mapping[str, str], parents: Mapping[str, str]) -> Iterator[Check]:
    for column in table.columns:
        parent = parents.get(column.name)
        if parent is None or parent == table.name or column.name not in types:
            continue
        orphan = (
            f"{column.name} is not null and cast({column.name} as varchar) not in "
            f"(select cast({column.name} as varchar) from raw.{parent} where {column.name} is not null)"
        )
        yield _share((SCHEMA, table.name), f"names in {column.name} what {parent} has", orphan, "orphans", WARN)


def _share(relation: tuple[str, str], title: str, wrong: str, limit: str, severity: str = STOP) -> Check:
    """The check that the share of wrong rows stays below a threshold; few rows say nothing by a share."""
    share, least = thresholds()["raw"][limit], thresholds()["raw"]["least_rows"]
    return no_rows(
        relation,
        f"{title}, in {1 - share:.0%} of the rows at least",
        f"select count(*) filter ({wrong}) as wrong_rows, count(*) as of_rows from {{batch}} "
        f"having wrong_rows > {share} * of_rows and of_rows >= {least}",
        severity,
    )


def _last_date(table: Table, types: Mapping[str, str]) -> str | None:
    """SQL of the last day of which a table of events tells; only its first mandatory date is looked at."""
    dates = [c for c in table.columns if c.meta.get("mandatory") and c.type in ("date", "timestamp")]
    return _day(dates[0]) if dates and dates[0].name in types else None


def _day(column: Column) -> str:
    # Not the very last one: a slip of the keyboard in one row says nothing of the table.
    return f"quantile_disc(try_cast(left(cast({column.name} as varchar), 10) as date), {_LAST})"


def _freshness(table: Table, last_dates: Mapping[str, str]) -> Iterator[Check]:
    if table.name not in last_dates or len(last_dates) < 2:
        return
    days = thresholds()["raw"]["lag_days"]
    newest = " union all ".join(f"select {date} as last_day from raw.{name}" for name, date in last_dates.items())
    yield no_rows(
        (SCHEMA, table.name),
        f"tells of the {days} days before the last event of the latest table",
        f"select {last_dates[table.name]} as last_day from {{batch}} "
        f"having last_day < (select max(last_day) from ({newest})) - {days}",
        WARN,
    )
