"""Expected figures as data, and their comparison with what a query answers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

import duckdb
import pytest
from _pytest.mark import ParameterSet

Origin = Literal["published", "computed"]

# Columns of `kpis.rep_daily_kpis` and `kpis.team_monthly_kpis`, by the raw tables that they need.
LEADS = ["leads_created", "leads_converted"]
LEAD_RATES = ["lead_conversion_rate", "period_conversion_rate"]
ACTIVITIES = ["calls", "connected_calls", "meetings", "held_meetings", "emails", "demos"]
DURATIONS = ["call_seconds", "meeting_seconds"]
ACTIVITY_AVERAGES = ["average_call_minutes", "average_meeting_minutes"]
DEALS = ["opportunities_created", "opportunities_won", "opportunities_lost", "won_amount", "lost_amount"]
SALES = ["sales_count", "basket_count", "gross_revenue", "discount_amount", "sold_amount", "net_revenue"]
CUSTOMERS = ["new_customers"]
GOODS = ["units_sold", "cost_of_goods", "gross_margin"]
RETURNS = ["returned_amount"]
ATTAINMENT = ["attainment_rate", "pace_rate"]
CSAT = ["csat_responses", "csat_satisfied", "csat"]
NPS = ["nps_responses", "promoters", "passives", "detractors", "nps"]
SATISFACTION = [*CSAT, *NPS, "complaints"]

ADDITIVE = [*LEADS, *DEALS, *ACTIVITIES, *DURATIONS, *SALES, *GOODS, *RETURNS, *CUSTOMERS]


@dataclass(frozen=True)
class Figure:
    """One expected figure.

    Attributes:
        name: What is measured.
        origin: `published`: somebody else's number; `computed`: counted from the source, independently of Boussole.
        expected: One value, or the rows of the answer in order.
        query: SQL that answers with the figure, rounded as the source of the figure rounds it.
    """

    name: str
    origin: Origin
    expected: object
    query: str


def parametrised(figures: Iterable[Figure]) -> list[ParameterSet]:
    """Figures as test parameters that show their origin and name."""
    return [pytest.param(figure, id=f"{figure.origin}: {figure.name}") for figure in figures]


def assert_figure(connection: duckdb.DuckDBPyConnection, figure: Figure) -> None:
    """Fails unless the query answers with the expected figure, exactly."""
    expected = figure.expected if isinstance(figure.expected, list) else [(figure.expected,)]
    rows = connection.sql(figure.query).fetchall()
    assert [_comparable(row) for row in rows] == [_comparable(row) for row in expected]


def _comparable(row: Sequence[object]) -> tuple[object, ...]:
    """Numbers as decimals, whatever type the engine or the literal has: 0.1 is 0.1."""
    return tuple(
        Decimal(str(value)) if isinstance(value, int | float) and not isinstance(value, bool) else value
        for value in row
    )


def columns_with_a_value(connection: duckdb.DuckDBPyConnection, relation: str, columns: Iterable[str]) -> list[str]:
    """Those of the columns that are not NULL in every row; all of them where the relation has no row."""
    return _columns_where(connection, relation, columns, "count(*) = 0 or count({0}) > 0")


def columns_with_a_null(connection: duckdb.DuckDBPyConnection, relation: str, columns: Iterable[str]) -> list[str]:
    """Those of the columns that are NULL in some row; all of them where the relation has no row."""
    return _columns_where(connection, relation, columns, "count(*) = 0 or count({0}) < count(*)")


def _columns_where(
    connection: duckdb.DuckDBPyConnection, relation: str, columns: Iterable[str], condition: str
) -> list[str]:
    names = list(columns)
    answers = connection.sql(f"select {', '.join(condition.format(name) for name in names)} from {relation}")
    return [name for name, is_true in zip(names, answers.fetchall()[0], strict=True) if is_true]


def monthly_totals(
    connection: duckdb.DuckDBPyConnection, relation: str, day: str, columns: Iterable[str]
) -> list[tuple[object, ...]]:
    """Month and sum of each column, in order of the months.

    Args:
        connection: Open warehouse.
        relation: Mart to sum.
        day: Its column of type date.
        columns: Additive columns.
    """
    sums = ", ".join(f"sum({name})" for name in columns)
    query = f"select cast(date_trunc('month', {day}) as date) as month, {sums} from {relation} group by 1 order by 1"
    return connection.sql(query).fetchall()


def read_and_staged(connection: duckdb.DuckDBPyConnection) -> list[tuple[object, ...]]:
    """Each supplied raw table with its rows read and staged, in order of their names."""
    return connection.sql("""
        select table_name, rows_read, rows_staged from quality.row_accounting
        where is_supplied order by table_name
    """).fetchall()
