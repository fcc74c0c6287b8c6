"""Compares the marts of a database with the oracle: `python -m tests.oracle.diff --raw DIR --database FILE`."""

from __future__ import annotations

import argparse
import math
import sys
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from .compute import Result, compute
from .findings import known

Rows = Sequence[Mapping[str, Any]]
SHOWN = 20
TOLERANCE = 1e-9


@dataclass(frozen=True)
class Mart:
    key: tuple[str, ...]
    schema: str = "kpis"


MARTS: Mapping[str, Mart] = {
    "rep_daily_kpis": Mart(("rep_id", "date_day")),
    "team_monthly_kpis": Mart(("team_id", "month")),
    "company_monthly_kpis": Mart(("month",)),
    "company_quarterly_kpis": Mart(("quarter",)),
    "kpi_values": Mart(("metric", "grain", "entity_id", "period_type", "period_start")),
    "cohort_retention": Mart(("dimension_name", "dimension_value", "cohort_month", "months_since_first_purchase")),
    "mrr_movements": Mart(("customer_id", "month")),
    "mrr_monthly": Mart(("month",)),
    "customer_kpis": Mart(("customer_id",)),
    "campaign_monthly_kpis": Mart(("campaign_id", "month")),
    "channel_monthly_kpis": Mart(("channel", "month")),
    "segment_monthly_kpis": Mart(("segment", "month")),
    "satisfaction_monthly_kpis": Mart(("dimension_name", "dimension_value", "month")),
    "product_monthly_kpis": Mart(("product_id", "month")),
    "pipeline_daily": Mart(("team_id", "stage", "date_day")),
    "rep_scorecards": Mart(("rep_id", "step", "month")),
    "row_accounting": Mart(("table_name",), "quality"),
    "quarantined_rows": Mart(("table_name", "source_file", "record_number", "reason", "column_name"), "quality"),
}
# what the oracle says of everybody, and one mart does not show
NOT_SHOWN = {
    "team_monthly_kpis": {
        "activities",
        "discount_rate",
        "cost_coverage_rate",
        "responses",
        "invitations",
        "response_rate",
        "customers_at_end",
        "complaints_per_100_customers",
    },
    "company_monthly_kpis": {"replied_reviews"},
    "company_quarterly_kpis": {"replied_reviews"},
    "channel_monthly_kpis": {"customer_churn_rate"},
    "segment_monthly_kpis": {"customer_churn_rate"},
}
# Money that a rate or an average makes, which are doubles (G6): the last decimal of a tie is either.
FROM_DOUBLES = {"price_effect", "volume_effect", "mix_effect", "fx_effect", "weighted_pipeline", "effect_amount"}
LAST_DECIMALS = Decimal("0.0005")
# what only the pipeline knows of a raw row
NOT_COMPARED = {"row_accounting": {"is_supplied", "rounded_values"}, "quarantined_rows": {"row_key", "raw_row"}}
# parts that the oracle names for every KPI, and a mart only where they are no column already (M1)
PARTS = ("_numerator", "_denominator", "_low", "_high", "_is_low_n")


@dataclass
class Differences:
    """Differences by column; `(rows)` holds the keys that one side does not have."""

    rows: int = 0
    cells: int = 0
    examples: dict[str, list[str]] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    known: Counter[str] = field(default_factory=Counter)  # of findings that are open
    mart: str = ""

    @property
    def total(self) -> int:
        return self.counts.total()

    def add(self, column: str, text: str) -> None:
        finding = known(self.mart, column, text)
        if finding is not None:
            self.known[finding.reason] += 1
            return
        self.counts[column] += 1
        examples = self.examples.setdefault(column, [])
        if len(examples) < SHOWN:
            examples.append(text)

    def report(self, mart: str) -> str:
        if not self.counts:
            but = f" but {self.known.total()} of open findings" if self.known else ""
            return f"{mart}: equal{but}, {self.rows} rows, {self.cells} values"
        lines = [f"{mart}: {self.total} differences in {self.rows} rows"]
        for column, count in self.counts.most_common():
            lines.append(f"  {column}: {count} differences" + (f", the first {SHOWN}:" if count > SHOWN else ":"))
            lines += [f"    {example}" for example in self.examples[column]]
        return "\n".join(lines)


def _comparable(value: Any) -> Any:
    """A midnight timestamp of a mart (`date_trunc`) and a date are the same day."""
    if isinstance(value, datetime) and value.time() == datetime.min.time():
        return value.date()
    return value


def _difference(column: str, mart: Any, oracle: Any) -> str | None:
    """None where equal: money, counts, dates and texts exactly, doubles to 1e-9; NULL exactly where NULL."""
    if mart is None or oracle is None:
        return None if mart is None and oracle is None else "NULL on one side"
    if column in FROM_DOUBLES:
        return None if abs(Decimal(mart) - Decimal(oracle)) <= LAST_DECIMALS else "not equal"
    if isinstance(oracle, float):
        if not isinstance(mart, float):
            return f"a double is expected, not {type(mart).__name__}"
        return None if math.isclose(mart, oracle, rel_tol=TOLERANCE, abs_tol=1e-12) else "not equal"
    if isinstance(oracle, bool) or not isinstance(oracle, (int, Decimal)):
        return None if type(mart) is type(oracle) and mart == oracle else "not equal"
    if not isinstance(mart, (int, Decimal)) or isinstance(mart, bool):
        return f"an exact number is expected, not {type(mart).__name__}"
    return None if Decimal(mart) == Decimal(oracle) else "not equal"


def _text(value: Any) -> str:
    if value is None:
        return "NULL"
    return value.isoformat() if isinstance(value, date) else str(value)


def compare(mart: str, mart_rows: Rows, oracle_rows: Rows) -> Differences:
    """Every row, and every column of both."""
    found, key = Differences(rows=len(oracle_rows), mart=mart), MARTS[mart].key
    mart_by_key = _by_key(mart_rows, key, found, "mart")
    oracle_by_key = _by_key(oracle_rows, key, found, "oracle")
    for row_key in oracle_by_key.keys() - mart_by_key.keys():
        found.add("(rows)", f"{_key_text(key, row_key)}: only in the oracle")
    for row_key in mart_by_key.keys() - oracle_by_key.keys():
        found.add("(rows)", f"{_key_text(key, row_key)}: only in the mart")
    columns = list(oracle_rows[0]) if oracle_rows else []
    theirs = list(mart_rows[0]) if mart_rows else columns
    for column in columns:
        if column not in theirs and not column.endswith(PARTS):
            found.add(column, "the mart has no such column")
    for column in theirs:
        if column not in columns and oracle_rows:
            found.add(column, "the oracle has no such column")
    compared = [column for column in columns if column in theirs and column not in key]
    for row_key, oracle_row in oracle_by_key.items():
        mart_row = mart_by_key.get(row_key)
        for column in compared if mart_row is not None else ():
            assert mart_row is not None
            value, expected = _comparable(mart_row[column]), oracle_row[column]
            found.cells += 1
            name = _name(oracle_row, column)
            reason = _difference(name, value, expected)
            if reason is not None:
                text = f"{_key_text(key, row_key)}: mart {_text(value)}, oracle {_text(expected)}"
                found.add(name, text if reason == "not equal" else f"{text} ({reason})")
    return found


def _name(row: Mapping[str, Any], column: str) -> str:
    """The column; a value of `kpi_values` is named by its metric, and what stands beside it by both."""
    if "metric" not in row:
        return column
    return str(row["metric"]) if column == "value" else f"{row['metric']}.{column}"


def _by_key(rows: Rows, key: Sequence[str], found: Differences, side: str) -> dict[tuple[Any, ...], Mapping[str, Any]]:
    by_key: dict[tuple[Any, ...], Mapping[str, Any]] = {}
    for row in rows:
        row_key = tuple(_comparable(row[column]) for column in key)
        if row_key in by_key:
            found.add("(rows)", f"{_key_text(key, row_key)}: twice in the {side}")
        by_key[row_key] = row
    return by_key


def _key_text(key: Sequence[str], values: Iterable[Any]) -> str:
    return " ".join(f"{name}={_text(value)}" for name, value in zip(key, values, strict=True))


def mart_rows(connection: duckdb.DuckDBPyConnection, mart: str) -> list[dict[str, Any]]:
    """The rows of a mart as the oracle writes them."""
    relation = connection.execute(f"select * from {MARTS[mart].schema}.{mart}")
    names = [str(column[0]) for column in relation.description or []]
    rows = [dict(zip(names, values, strict=True)) for values in relation.fetchall()]
    rows = [_normalised(mart, row) for row in rows if mart != "row_accounting" or row.get("rows_read")]
    return _without(rows, NOT_COMPARED.get(mart, set()))


def oracle_rows(result: Result, mart: str) -> list[dict[str, Any]]:
    """The rows of the oracle; a raw table without a row is compared with nothing."""
    quality = {"row_accounting": result.row_accounting, "quarantined_rows": result.quarantine}
    rows: list[dict[str, Any]] = quality[mart] if mart in quality else result.marts[mart]
    rows = [_normalised(mart, row) for row in rows if mart != "row_accounting" or row["rows_read"]]
    return _without(rows, NOT_SHOWN.get(mart, set()))


def _without(rows: list[dict[str, Any]], columns: Set[str]) -> list[dict[str, Any]]:
    return [{name: value for name, value in row.items() if name not in columns} for row in rows] if columns else rows


def _normalised(mart: str, row: dict[str, Any]) -> dict[str, Any]:
    """A source file is compared by its name within the table's own file or folder."""
    if mart == "quarantined_rows":
        path = str(row["source_file"]).replace("\\", "/")
        place = path.rfind(f"/{row['table_name']}/")
        row = {**row, "source_file": path[place + 1 :] if place >= 0 else path.rsplit("/", 1)[-1]}
        if path.startswith(f"{row['table_name']}/"):
            row["source_file"] = path
    return row


def differences(connection: duckdb.DuckDBPyConnection, result: Result, mart: str) -> Differences:
    """Compares one mart; a mart with many times the rows is not even read."""
    expected = oracle_rows(result, mart)
    counted = connection.execute(f"select count(*) from {MARTS[mart].schema}.{mart}").fetchone()
    if counted is not None and counted[0] > 3 * len(expected) + 1000:
        found = Differences(rows=len(expected), mart=mart)
        found.add("(rows)", f"the mart has {counted[0]} rows, the oracle {len(expected)}")
        return found
    return compare(mart, mart_rows(connection, mart), expected)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--raw", type=Path, required=True, help="folder of raw tables")
    parser.add_argument("--database", type=Path, help="DuckDB file to compare; without it only the oracle's headline")
    parser.add_argument("--as-of", type=date.fromisoformat)
    parser.add_argument("--var", action="append", default=[], metavar="NAME=VALUE")
    parser.add_argument("--mart", action="append", choices=list(MARTS), help="only this mart (repeatable)")
    given = parser.parse_args(arguments)
    started = time.monotonic()
    result = compute(given.raw, dict(pair.split("=", 1) for pair in given.var), given.as_of)
    print(headline(result))
    print(f"oracle: {time.monotonic() - started:.1f} s")
    if given.database is None:
        return 0
    failed = False
    with duckdb.connect(str(given.database), read_only=True) as connection:
        for mart in given.mart or MARTS:
            try:
                found = differences(connection, result, mart)
            except duckdb.Error as error:
                print(f"{mart}: {error}")
                failed = True
                continue
            print(found.report(mart))
            failed = failed or bool(found.counts)
    return int(failed)


def headline(result: Result) -> str:
    """What the oracle says of the whole folder."""

    def total(column: str) -> Decimal:
        return sum((Decimal(row[column] or 0) for row in result.rep_daily), Decimal(0))

    won, lost = total("opportunities_won"), total("opportunities_lost")
    reasons = Counter(row["reason"] for row in result.quarantine)
    return "\n".join(
        [
            f"as_of_date {result.as_of_date}, start_date {result.start_date}",
            f"rows: rep_daily {len(result.rep_daily)}, team_monthly {len(result.team_monthly)}, "
            f"cohorts {len(result.cohorts)}",
            f"net_revenue {total('net_revenue')}, sales {total('sales_count')}, returned {total('returned_amount')}, "
            f"margin {total('gross_margin')}",
            f"won {won}, lost {lost}, win rate {won / (won + lost) if won + lost else None}",
            f"leads {total('leads_created')}, converted {total('leads_converted')}, "
            f"new customers {total('new_customers')}",
            f"quarantine {dict(sorted(reasons.items()))}",
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
