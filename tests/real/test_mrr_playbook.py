"""The warehouse on subscription periods alone: recurring revenue, how it moved, and nothing about sales.

The expected figures are computed here, from the rows of the source file and the definitions alone, in decimals.
"""

import csv
import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import astuple, dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import duckdb
import pytest

from tests.real.conftest import RealWarehouse, open_raw
from tests.real.figures import (
    Figure,
    assert_figure,
    columns_with_a_null,
    columns_with_a_value,
    parametrised,
    read_and_staged,
)
from tests.real.mapping import DATASETS

FIRST_MONTH = dt.date(2017, 9, 1)
LAST_MONTH = dt.date(2020, 2, 1)
LAST_ENDINGS = "2020-02-01"
ZERO = Decimal(0)

MOVEMENTS = "new_mrr, expansion_mrr, contraction_mrr, churned_mrr, reactivation_mrr"
STATES = f"opening_mrr, {MOVEMENTS}, fx_mrr, mrr"

# What can be known of subscriptions alone.
AVAILABLE = {
    *("mrr", "arr", "customers", "opening_mrr", "new_mrr", "expansion_mrr", "contraction_mrr", "churned_mrr"),
    *("reactivation_mrr", "fx_mrr", "nrr", "grr"),
    *("customers_at_start", "customers_retained", "customer_retention_rate", "customer_churn_rate"),
}

RAW_FIGURES = [
    Figure(
        "periods, customers, monthly amounts, first start and last end",
        "computed",
        [(121, 55, 5205, "2017-09-01", "2020-02-01")],
        """
        select count(*), count(distinct account_id), sum(cast(mrr as decimal(18, 4))), min(started_on), max(ended_on)
        from subscriptions
        """,
    ),
    Figure(
        "subscriptions: 52 customers without a gap, 3 who came back once",
        "computed",
        [(58, 121)],
        "select count(distinct subscription_id), count(distinct (subscription_id, started_on)) from subscriptions",
    ),
]

FIGURES = [
    Figure(
        "the four endings of 1 February 2020 are churn of February, and nothing else happens in it",
        "computed",
        [("51", -50, 50, 0), ("53", -50, 50, 0), ("54", -25, 25, 0), ("55", -50, 50, 0)],
        """
        select customer_id, churned_mrr, opening_mrr, mrr from kpis.mrr_movements
        where month = date '2020-02-01' order by customer_id
        """,
    ),
    Figure(
        "the month of the four endings",
        "computed",
        [(175, 0, 0, 0, -175, 0, 0, 0, 0, 0, 0, 0)],
        f"select {STATES}, customers, arr, nrr, grr from kpis.mrr_monthly where month = date '2020-02-01'",
    ),
    Figure(
        "customer 1: leaves for two months, returns at the same price, pays more, leaves",
        "computed",
        [
            ("2018-11-01", 0, 50, 0, 0, 0, 0, 0, 50),
            ("2018-12-01", 50, 0, 0, 0, 0, 0, 0, 50),
            ("2019-01-01", 50, 0, 0, 0, 0, 0, 0, 50),
            ("2019-02-01", 50, 0, 0, 0, -50, 0, 0, 0),
            ("2019-04-01", 0, 0, 0, 0, 0, 50, 0, 50),
            ("2019-05-01", 50, 0, 0, 0, 0, 0, 0, 50),
            ("2019-06-01", 50, 0, 25, 0, 0, 0, 0, 75),
            ("2019-07-01", 75, 0, 0, 0, 0, 0, 0, 75),
            ("2019-08-01", 75, 0, 0, 0, -75, 0, 0, 0),
        ],
        f"select month::varchar, {STATES} from kpis.mrr_movements where customer_id = '1' order by month",
    ),
    Figure(
        "customer 8: a new period at the same price moves nothing",
        "computed",
        [("2019-04-01", 65, 0), ("2019-12-01", 0, -65)],
        """
        select month::varchar, new_mrr, churned_mrr from kpis.mrr_movements
        where customer_id = '8' and opening_mrr <> mrr order by month
        """,
    ),
    Figure(
        "a month at whose start and end nobody subscribes has a row of zeros",
        "computed",
        [(0, 0, 0, 0, 0, 0, 0, 0, 0, 0)],
        f"select {STATES}, customers, arr from kpis.mrr_monthly where month = date '2017-12-01'",
    ),
    Figure(
        "subscribers, all of them inferred customers",
        "computed",
        [(55, 55)],
        "select count(*), count(*) filter (is_inferred) from core.dim_customers where customer_id <> 'unassigned'",
    ),
    Figure("rows in quarantine", "computed", 0, "select count(*) from quality.quarantined_rows"),
]


@dataclass(frozen=True)
class Row:
    """Opening, signed movements and closing; a tuple of it is in the order of `STATES`."""

    opening: Decimal
    new: Decimal = ZERO
    expansion: Decimal = ZERO
    contraction: Decimal = ZERO
    churned: Decimal = ZERO
    reactivation: Decimal = ZERO
    fx: Decimal = ZERO
    closing: Decimal = ZERO


NOTHING = Row(ZERO)
Movements = dict[tuple[dt.date, str], Row]


@dataclass(frozen=True)
class Period:
    """One row of the source file."""

    customer: str
    start: dt.date
    end: dt.date | None
    amount: Decimal

    def is_live(self, day: dt.date) -> bool:
        return self.start <= day and (self.end is None or day < self.end)


def month_after(month: dt.date) -> dt.date:
    return (month + dt.timedelta(days=31)).replace(day=1)


def months() -> list[dt.date]:
    found = [FIRST_MONTH]
    while found[-1] < LAST_MONTH:
        found.append(month_after(found[-1]))
    return found


def periods_of_the_file(*, is_open_ended: bool) -> list[Period]:
    source = DATASETS["mrr_playbook"].source_dir / "subscription_periods.csv"
    with source.open(encoding="utf-8", newline="") as file:
        return [
            Period(
                line["customer_id"],
                dt.date.fromisoformat(line["start_date"]),
                None if is_open_ended and line["end_date"] == LAST_ENDINGS else dt.date.fromisoformat(line["end_date"]),
                Decimal(line["monthly_amount"]),
            )
            for line in csv.DictReader(file)
        ]


def movement(opening: Decimal, closing: Decimal, *, was_live_before: bool) -> Row:
    """Says what a customer did in a month: one thing, or nothing."""
    change = closing - opening
    if opening and not closing:
        return Row(opening, churned=change)
    if closing and not opening and was_live_before:
        return Row(opening, reactivation=change, closing=closing)
    if closing and not opening:
        return Row(opening, new=change, closing=closing)
    return Row(opening, expansion=max(change, ZERO), contraction=min(change, ZERO), closing=closing)


def movements(periods: list[Period]) -> Movements:
    """Every month and customer that subscribed at the month's start or end."""
    found: Movements = {}
    for customer in {period.customer for period in periods}:
        opening, was_live_before = ZERO, False
        for month in months():
            last_day = month_after(month) - dt.timedelta(days=1)
            own = (period for period in periods if period.customer == customer and period.is_live(last_day))
            closing = sum((period.amount for period in own), ZERO)
            if opening or closing:
                found[month, customer] = movement(opening, closing, was_live_before=was_live_before)
            was_live_before = was_live_before or closing > 0
            opening = closing
    return found


def by_month(rows: Movements) -> dict[dt.date, Row]:
    """Every month, also one in which nobody subscribes, with the sums of its customers."""
    own = {month: [astuple(row) for (at, _), row in rows.items() if at == month] for month in months()}
    return {
        month: Row(*(sum(column, ZERO) for column in zip(*own[month], astuple(NOTHING), strict=True))) for month in own
    }


def ratio(numerator: Decimal, denominator: Decimal) -> float | None:
    """The double nearest to the quotient; none of nothing."""
    return float(Fraction(numerator) / Fraction(denominator)) if denominator else None


@pytest.fixture(scope="module")
def raw(raw_folder: Callable[[str], Path]) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_raw(raw_folder("mrr_playbook")) as connection:
        yield connection


@pytest.fixture(scope="module")
def warehouse(real_warehouse: Callable[[str], RealWarehouse]) -> Iterator[duckdb.DuckDBPyConnection]:
    with real_warehouse("mrr_playbook").connect() as connection:
        yield connection


@pytest.fixture(scope="module")
def open_ended(real_warehouse: Callable[[str], RealWarehouse]) -> Iterator[duckdb.DuckDBPyConnection]:
    with real_warehouse("mrr_playbook_open_ended").connect() as connection:
        yield connection


def movements_of_the_mart(connection: duckdb.DuckDBPyConnection) -> Movements:
    rows = connection.sql(f"select month, customer_id, {STATES} from kpis.mrr_movements").fetchall()
    found = {(month, customer): Row(*amounts) for month, customer, *amounts in rows}
    assert len(found) == len(rows)
    return found


def months_of_the_mart(connection: duckdb.DuckDBPyConnection) -> dict[dt.date, Row]:
    rows = connection.sql(f"select month, {STATES} from kpis.mrr_monthly").fetchall()
    found = {month: Row(*amounts) for month, *amounts in rows}
    assert len(found) == len(rows)
    return found


@pytest.mark.parametrize("figure", parametrised(RAW_FIGURES))
def test_mapped_files_have_the_figures(raw: duckdb.DuckDBPyConnection, figure: Figure) -> None:
    assert_figure(raw, figure)


@pytest.mark.parametrize("figure", parametrised(FIGURES))
def test_marts_have_the_figures(warehouse: duckdb.DuckDBPyConnection, figure: Figure) -> None:
    assert_figure(warehouse, figure)


def test_movements_of_every_customer_and_month(warehouse: duckdb.DuckDBPyConnection) -> None:
    expected = movements(periods_of_the_file(is_open_ended=False))
    assert movements_of_the_mart(warehouse) == expected


def test_movements_of_every_month(warehouse: duckdb.DuckDBPyConnection) -> None:
    expected = by_month(movements(periods_of_the_file(is_open_ended=False)))
    assert len(expected) == 30
    assert months_of_the_mart(warehouse) == expected


def test_customers_and_annual_revenue_of_every_month(warehouse: duckdb.DuckDBPyConnection) -> None:
    rows = movements(periods_of_the_file(is_open_ended=False))
    closing = {month: row.closing for month, row in by_month(rows).items()}
    live = {month: sum(1 for (at, _), row in rows.items() if at == month and row.closing) for month in closing}
    expected = [(month, live[month], 12 * closing[month], True) for month in closing]
    query = "select month, customers, arr, is_complete_period from kpis.mrr_monthly order by month"
    assert warehouse.sql(query).fetchall() == expected


def test_every_movement_happens_in_the_data(warehouse: duckdb.DuckDBPyConnection) -> None:
    happened = [f"count(*) filter ({name} <> 0)" for name in MOVEMENTS.split(", ")]
    counts = warehouse.sql(f"select {', '.join(happened)} from kpis.mrr_movements").fetchall()[0]
    rows = [astuple(row)[1:6] for row in movements(periods_of_the_file(is_open_ended=False)).values()]
    assert counts == tuple(sum(1 for amount in column if amount) for column in zip(*rows, strict=True))
    assert min(counts) > 0


def test_nobody_alive_has_churn(warehouse: duckdb.DuckDBPyConnection) -> None:
    alive = {
        (month, period.customer)
        for period in periods_of_the_file(is_open_ended=False)
        for month in months()
        if period.is_live(month_after(month) - dt.timedelta(days=1))
    }
    query = "select month, customer_id from kpis.mrr_movements where churned_mrr <> 0"
    churned = set(warehouse.sql(query).fetchall())
    assert churned
    assert churned & alive == set()


def test_opening_and_movements_are_closing_and_the_next_opening(warehouse: duckdb.DuckDBPyConnection) -> None:
    series: dict[str, dict[dt.date, Row]] = defaultdict(dict, company=months_of_the_mart(warehouse))
    for (month, customer), row in movements_of_the_mart(warehouse).items():
        series[f"customer {customer}"][month] = row
    assert len(series) == 1 + 55
    for name, rows in series.items():
        for month in months():
            opening, *moved, closing = astuple(rows.get(month, NOTHING))
            assert opening + sum(moved) == closing, (name, month)
        for month, following in pairwise(months()):
            assert rows.get(month, NOTHING).closing == rows.get(following, NOTHING).opening, (name, month)


def test_nrr_and_grr_are_those_of_their_parts(warehouse: duckdb.DuckDBPyConnection) -> None:
    expected = []
    for month, row in by_month(movements(periods_of_the_file(is_open_ended=False))).items():
        grr_numerator = row.opening + row.contraction + row.churned
        nrr_numerator = grr_numerator + row.expansion
        nrr, grr = ratio(nrr_numerator, row.opening), ratio(grr_numerator, row.opening)
        expected.append((month, nrr_numerator, grr_numerator, row.opening, nrr, grr))
    query = "select month, nrr_numerator, grr_numerator, opening_mrr, nrr, grr from kpis.mrr_monthly order by month"
    assert warehouse.sql(query).fetchall() == expected
    # Nobody to retain: at the start of the first month, and from November 2017 until the first customer of 2018.
    unknown = [month for month, *_, nrr, grr in expected if nrr is None and grr is None]
    assert unknown == [FIRST_MONTH, dt.date(2017, 12, 1), dt.date(2018, 1, 1)]


def test_retained_customers_are_those_who_subscribe(warehouse: duckdb.DuckDBPyConnection) -> None:
    rows = movements(periods_of_the_file(is_open_ended=False))
    expected = []
    for month in months():
        at_start = [row for (at, _), row in rows.items() if at == month and row.opening]
        retained = sum(1 for row in at_start if row.closing)
        rate = ratio(Decimal(retained), Decimal(len(at_start)))
        expected.append((month, "unassigned", len(at_start), retained, rate))
    query = """
        select month, team_id, customers_at_start, customers_retained, customer_retention_rate
        from kpis.team_monthly_kpis order by month, team_id
    """
    assert warehouse.sql(query).fetchall() == expected


def test_open_ended_subscriptions_stay_to_the_end(open_ended: duckdb.DuckDBPyConnection) -> None:
    query = """
        select customer_id, month::varchar, churned_mrr, mrr from kpis.mrr_movements
        where customer_id in ('51', '53', '54', '55') order by customer_id, month
    """
    assert open_ended.sql(query).fetchall() == [
        (customer, month, 0, amount)
        for customer, amount in [("51", 50), ("53", 50), ("54", 25), ("55", 50)]
        for month in ["2020-01-01", "2020-02-01"]
    ]


def test_open_ended_subscriptions_change_nothing_else(open_ended: duckdb.DuckDBPyConnection) -> None:
    expected = movements(periods_of_the_file(is_open_ended=True))
    assert movements_of_the_mart(open_ended) == expected
    assert months_of_the_mart(open_ended) == by_month(expected)
    last = "select mrr, customers, arr, nrr, grr from kpis.mrr_monthly order by month desc limit 1"
    assert open_ended.sql(last).fetchall() == [(175, 4, 2100, 1.0, 1.0)]


def test_kpis_with_their_raw_table_are_never_null(warehouse: duckdb.DuckDBPyConnection) -> None:
    columns = [*STATES.split(", "), "customers", "arr", "nrr_numerator", "grr_numerator", "is_complete_period"]
    assert columns_with_a_null(warehouse, "kpis.mrr_monthly", columns) == []
    assert columns_with_a_null(warehouse, "kpis.mrr_movements", STATES.split(", ")) == []


def test_all_other_kpis_are_not_available(warehouse: duckdb.DuckDBPyConnection) -> None:
    available = warehouse.sql("select metric from core.dim_kpis where is_available").fetchall()
    assert {metric for (metric,) in available} == AVAILABLE


def test_all_other_kpis_are_null(warehouse: duckdb.DuckDBPyConnection) -> None:
    metrics = {metric for (metric,) in warehouse.sql("select metric from core.dim_kpis").fetchall()}
    found = warehouse.sql("""
        select table_name, regexp_replace(column_name, '_(numerator|denominator|low|high|to_date)$', ''), column_name
        from duckdb_columns() where schema_name = 'kpis'
    """).fetchall()
    columns: dict[str, list[str]] = defaultdict(list)
    for mart, metric, column in found:
        if metric in metrics - AVAILABLE:
            columns[mart].append(column)
    marts = [mart for mart in columns if warehouse.sql(f"select * from kpis.{mart} limit 1").fetchall()]
    assert {"rep_daily_kpis", "team_monthly_kpis", "satisfaction_monthly_kpis"} <= set(marts)
    assert {"net_revenue", "win_rate", "nps", "complaints", "target"} <= set(columns["team_monthly_kpis"])
    assert {mart: columns_with_a_value(warehouse, f"kpis.{mart}", columns[mart]) for mart in marts} == {
        mart: [] for mart in marts
    }


def test_every_raw_row_is_staged(warehouse: duckdb.DuckDBPyConnection) -> None:
    assert read_and_staged(warehouse) == [("subscriptions", 121, 121)]
