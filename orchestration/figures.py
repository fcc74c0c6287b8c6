"""Reads from the private database what the summary of a run shows."""

import contextlib
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

Number = Decimal | float | int

RAW_COUNTERS = ("rows_read", "rows_staged", "older_versions", "later_versions", "deleted", "quarantined")
CLOCK = "stg_run__clock"
MONTHS_MART = "team_monthly_kpis"

# Label, unit, and how the month's teams add up; a ratio re-aggregates its parts, which stand in the mart.
HEADLINES: tuple[tuple[str, str, str], ...] = (
    ("net revenue", "money", "sum(net_revenue)"),
    ("sales", "count", "sum(sales_count)"),
    ("average basket", "money", "sum(sold_amount) / nullif(sum(basket_count), 0)"),
    ("gross margin rate", "rate", "sum(gross_margin) / nullif(sum(gross_margin_rate_denominator), 0)"),
    ("new customers", "count", "sum(new_customers)"),
    ("leads created", "count", "sum(leads_created)"),
    ("opportunities won", "count", "sum(opportunities_won)"),
    ("win rate", "rate", "sum(opportunities_won) / nullif(sum(opportunities_won) + sum(opportunities_lost), 0)"),
)


@dataclass(frozen=True)
class Headline:
    """One KPI of the latest complete month; value None means not available."""

    label: str
    unit: str
    value: Number | None


@dataclass(frozen=True)
class Figures:
    """What the warehouse holds after a run.

    Attributes:
        raw: Per supplied raw table its name and the RAW_COUNTERS.
        missing_tables: Raw tables that were not supplied.
        rows: Per layer, the relations with their numbers of rows.
        rounded_values: Raw values that had more decimals than their type keeps.
        quarantined: (table, reason with its column, rows, an example as file:record), most rows first.
        excluded: (table, reason, rows), most rows first.
        as_of_date: The day that the KPIs are as of.
        month: The latest complete month.
        headlines: Its main KPIs.
    """

    raw: tuple[tuple[str, dict[str, int]], ...] = ()
    missing_tables: tuple[str, ...] = ()
    rows: tuple[tuple[str, tuple[tuple[str, int], ...]], ...] = ()
    rounded_values: int = 0
    quarantined: tuple[tuple[str, str, int, str], ...] = ()
    excluded: tuple[tuple[str, str, int], ...] = ()
    as_of_date: dt.date | None = None
    month: dt.date | None = None
    headlines: tuple[Headline, ...] = ()


def collect(database: Path, layers: dict[str, Sequence[tuple[str, str]]], as_of_date: str | None = None) -> Figures:
    """Returns the figures of a database; what it does not hold (a failed or partial run) is left out.

    Args:
        database: The private database; nobody may be writing it.
        layers: The relations, (schema, name), that this run built in each layer.
        as_of_date: The day that the run was given, if any.
    """
    if not database.exists():
        return Figures()
    with contextlib.closing(duckdb.connect(str(database), read_only=True)) as connection:
        return _Reader(connection).figures(layers, as_of_date)


class _Reader:
    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        columns = self._all(
            "select schema_name, table_name, column_name from duckdb_columns() where database_name = current_database()"
        )
        self._columns: dict[tuple[str, str], set[str]] = {}
        for schema, table, column in columns:
            self._columns.setdefault((schema, table), set()).add(column)

    def figures(self, layers: dict[str, Sequence[tuple[str, str]]], as_of_date: str | None) -> Figures:
        raw, missing = self._raw()
        month, headlines = self._headlines()
        return Figures(
            raw=raw,
            missing_tables=missing,
            rows=tuple((layer, self._counts(relations)) for layer, relations in layers.items() if relations),
            rounded_values=self._rounded_values(),
            quarantined=self._quarantined(),
            excluded=self._excluded(),
            as_of_date=self._as_of_date(as_of_date),
            month=month,
            headlines=headlines,
        )

    def _all(self, query: str) -> list[tuple[Any, ...]]:
        return self._connection.execute(query).fetchall()

    def _has(self, schema: str, name: str, *columns: str) -> bool:
        return set(columns) <= self._columns.get((schema, name), set()) and (schema, name) in self._columns

    def _raw(self) -> tuple[tuple[tuple[str, dict[str, int]], ...], tuple[str, ...]]:
        if not self._has("quality", "row_accounting", *RAW_COUNTERS):
            return (), ()
        rows = self._all(
            f"select table_name, is_supplied, {', '.join(RAW_COUNTERS)} from quality.row_accounting order by table_name"
        )
        supplied = tuple(
            (name, dict(zip(RAW_COUNTERS, (int(n or 0) for n in counts), strict=True)))
            for name, is_supplied, *counts in rows
            if is_supplied
        )
        return supplied, tuple(name for name, is_supplied, *_ in rows if not is_supplied)

    def _counts(self, relations: Sequence[tuple[str, str]]) -> tuple[tuple[str, int], ...]:
        return tuple(
            (name, int(self._all(f'select count(*) from "{schema}"."{name}"')[0][0]))
            for schema, name in relations
            if self._has(schema, name)
        )

    def _rounded_values(self) -> int:
        if not self._has("quality", "row_accounting", "rounded_values"):
            return 0
        return int(self._all("select coalesce(sum(rounded_values), 0) from quality.row_accounting")[0][0])

    def _quarantined(self) -> tuple[tuple[str, str, int, str], ...]:
        if not self._has("quality", "quarantined_rows"):
            return ()
        return tuple(
            (table, f"{reason} {column or ''}".strip(), int(rows), file if record is None else f"{file}:{record}")
            for table, reason, column, rows, file, record in self._all(
                "select table_name, reason, column_name, count(*), "
                "min(source_file), arg_min(record_number, source_file) "
                "from quality.quarantined_rows group by all order by 4 desc, 1, 2, 3"
            )
        )

    def _excluded(self) -> tuple[tuple[str, str, int], ...]:
        if not self._has("quality", "excluded_events"):
            return ()
        return tuple(
            (table, reason, int(rows))
            for table, reason, rows in self._all(
                "select table_name, exclusion_reason, count(*) from quality.excluded_events "
                "group by all order by 3 desc, 1, 2"
            )
        )

    def _as_of_date(self, given: str | None) -> dt.date | None:
        if given:
            return dt.date.fromisoformat(given)
        if not self._has("staging", CLOCK, "as_of_date"):
            return None
        row = self._connection.execute(f"select max(as_of_date) from staging.{CLOCK}").fetchone()
        return row[0] if row else None

    def _headlines(self) -> tuple[dt.date | None, tuple[Headline, ...]]:
        if not self._has("kpis", MONTHS_MART, "month", "is_complete_period"):
            return None, ()
        month = self._all(f"select max(month) from kpis.{MONTHS_MART} where is_complete_period")[0][0]
        if month is None:
            return None, ()
        return month, tuple(Headline(label, unit, self._value(formula, month)) for label, unit, formula in HEADLINES)

    def _value(self, formula: str, month: dt.date) -> Number | None:
        """Returns a KPI over all teams of a month, None where the mart does not have what it needs."""
        try:
            row = self._connection.execute(
                f"select {formula} from kpis.{MONTHS_MART} where month = ?", [month]
            ).fetchone()
        except duckdb.BinderException:
            return None
        return row[0] if row else None
