"""The warehouse on the purchases of music buyers: orders without reps, teams, products or a table of customers."""

from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest

from tests.real.conftest import RealWarehouse, open_raw
from tests.real.figures import (
    ACTIVITIES,
    ACTIVITY_AVERAGES,
    ADDITIVE,
    ATTAINMENT,
    CUSTOMERS,
    DEALS,
    DURATIONS,
    LEAD_RATES,
    LEADS,
    RETURNS,
    SALES,
    SATISFACTION,
    Figure,
    assert_figure,
    columns_with_a_null,
    columns_with_a_value,
    monthly_totals,
    parametrised,
    read_and_staged,
)

# Customers of the cohort who bought in each month since their first purchase. A purchase of value 0 is a purchase.
COHORTS = {
    "1997-01": [7846, 1157, 964, 810, 679, 736, 720, 582, 559, 594, 673, 634, 528, 511, 664, 472, 497, 498],
    "1997-02": [8476, 1312, 980, 783, 847, 786, 626, 619, 666, 721, 661, 545, 568, 718, 545, 548, 551],
    "1997-03": [7248, 1032, 752, 756, 674, 564, 561, 579, 634, 569, 464, 472, 678, 420, 443, 457],
}
CELLS = [(cohort, month, active) for cohort, row in COHORTS.items() for month, active in enumerate(row)]

RAW_FIGURES = [
    Figure(
        "purchases, customers and revenue",
        "published",
        [(69_659, 69_659, 23_570, 2_500_315.63)],
        """
        select
            count(*),
            count(distinct order_id),
            count(distinct account_id),
            round(sum(cast(line_amount as decimal(18, 4))), 2)
        from orders inner join order_lines using (order_id)
        """,
    ),
    Figure(
        "purchases of value 0, repeated lines, first and last day",
        "computed",
        [(80, 255, "1997-01-01", "1998-06-30")],
        """
        select
            count(*) filter (cast(line_amount as decimal(18, 4)) = 0),
            count(*) - count(distinct (account_id, ordered_at, quantity, line_amount)),
            min(ordered_at),
            max(ordered_at)
        from orders inner join order_lines using (order_id)
        """,
    ),
    Figure(
        "cohort triangle",
        "computed",
        CELLS,
        """
        with purchases as (
            select account_id, date_trunc('month', cast(ordered_at as date)) as month from orders
        ),
        cohorts as (select account_id, min(month) as cohort_month from purchases group by account_id)
        select
            strftime(cohort_month, '%Y-%m'),
            datediff('month', cohort_month, month),
            count(distinct account_id)
        from purchases inner join cohorts using (account_id)
        group by cohort_month, month
        order by cohort_month, month
        """,
    ),
]

FIGURES = [
    Figure(
        "revenue, by its four ways through the marts",
        "published",
        [(2_500_315.63, 2_500_315.63, 2_500_315.63, 2_500_315.63)],
        """
        select
            (select round(sum(net_revenue), 2) from kpis.rep_daily_kpis),
            (select round(sum(net_revenue), 2) from kpis.team_monthly_kpis),
            (select round(sum(net_revenue), 2) from kpis.cohort_retention where dimension_name = 'all'),
            (select round(sum(sold_amount), 2) from core.fct_sales)
        """,
    ),
    Figure(
        "purchases",
        "published",
        [(69_659, 69_659)],
        """
        select
            (select sum(sales_count) from kpis.rep_daily_kpis),
            (select sum(sales_count) from kpis.team_monthly_kpis)
        """,
    ),
    Figure(
        "customers, all of them inferred and all of them new once",
        "published",
        [(23_570, 23_570, 23_570)],
        """
        select
            (select count(*) from core.dim_customers where is_inferred),
            (select sum(new_customers) from kpis.rep_daily_kpis),
            (
                select sum(cohort_size) from kpis.cohort_retention
                where dimension_name = 'all' and months_since_first_purchase = 0
            )
        """,
    ),
    Figure(
        "baskets (purchases of more than 0) and CDs",
        "computed",
        [(69_659 - 80, 167_881)],
        "select sum(basket_count), sum(units_sold) from kpis.rep_daily_kpis",
    ),
    Figure(
        "cohort triangle, cell by cell, and nothing beside it",
        "computed",
        CELLS,
        """
        select strftime(cohort_month, '%Y-%m'), months_since_first_purchase, active_customers
        from kpis.cohort_retention
        where dimension_name = 'all' and cohort_size > 0
        order by cohort_month, months_since_first_purchase
        """,
    ),
    Figure(
        "cells that are not complete, or of another month, size or rate than they should be",
        "computed",
        0,
        """
        select count(*) from kpis.cohort_retention
        where
            dimension_name = 'all' and cohort_size > 0
            and (
                not is_complete
                or dimension_value <> 'all'
                or period_month <> cohort_month + to_months(cast(months_since_first_purchase as integer))
                or cohort_size <> case cohort_month
                    when date '1997-01-01' then 7846 when date '1997-02-01' then 8476 else 7248
                end
                or retention_rate is distinct from cast(active_customers as double) / cohort_size
            )
        """,
    ),
    Figure(
        "everything belongs to the rep and team `unassigned`",
        "computed",
        [("unassigned", "unassigned")],
        "select distinct rep_id, team_id from kpis.rep_daily_kpis",
    ),
    Figure(
        "every day from the first to the last purchase is there once",
        "computed",
        [(546, "1997-01-01", "1998-06-30")],
        "select count(*), min(date_day)::varchar, max(date_day)::varchar from kpis.rep_daily_kpis",
    ),
    Figure("rows in quarantine", "computed", 0, "select count(*) from quality.quarantined_rows"),
]

NEVER_AVAILABLE = [*LEADS, *ACTIVITIES, *DURATIONS, *DEALS, *RETURNS, *ATTAINMENT, "win_rate"]


@pytest.fixture(scope="module")
def raw(raw_folder: Callable[[str], Path]) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_raw(raw_folder("cdnow")) as connection:
        yield connection


@pytest.fixture(scope="module")
def warehouse(real_warehouse: Callable[[str], RealWarehouse]) -> Iterator[duckdb.DuckDBPyConnection]:
    with real_warehouse("cdnow").connect() as connection:
        yield connection


@pytest.mark.parametrize("figure", parametrised(RAW_FIGURES))
def test_mapped_files_have_the_figures(raw: duckdb.DuckDBPyConnection, figure: Figure) -> None:
    assert_figure(raw, figure)


@pytest.mark.parametrize("figure", parametrised(FIGURES))
def test_marts_have_the_figures(warehouse: duckdb.DuckDBPyConnection, figure: Figure) -> None:
    assert_figure(warehouse, figure)


def test_purchases_stay_on_their_day(raw: duckdb.DuckDBPyConnection, warehouse: duckdb.DuckDBPyConnection) -> None:
    expected = raw.sql("select cast(ordered_at as date), count(*) from orders group by all order by all").fetchall()
    days = "select date_day, sales_count from kpis.rep_daily_kpis where sales_count > 0 order by date_day"
    assert warehouse.sql(days).fetchall() == expected


def test_reps_add_up_to_teams_in_every_month(warehouse: duckdb.DuckDBPyConnection) -> None:
    reps = monthly_totals(warehouse, "kpis.rep_daily_kpis", "date_day", ADDITIVE)
    assert len(reps) == 18
    assert reps == monthly_totals(warehouse, "kpis.team_monthly_kpis", "month", ADDITIVE)


def test_kpis_without_their_raw_tables_are_null(warehouse: duckdb.DuckDBPyConnection) -> None:
    rep_columns = [*NEVER_AVAILABLE, *ACTIVITY_AVERAGES, "month_target"]
    assert columns_with_a_value(warehouse, "kpis.rep_daily_kpis", rep_columns) == []
    team_columns = [*NEVER_AVAILABLE, *LEAD_RATES, *SATISFACTION, "target", "win_rate_value"]
    assert columns_with_a_value(warehouse, "kpis.team_monthly_kpis", team_columns) == []


def test_kpis_with_their_raw_tables_are_never_null(warehouse: duckdb.DuckDBPyConnection) -> None:
    columns = [*SALES, *CUSTOMERS, "units_sold"]
    assert columns_with_a_null(warehouse, "kpis.rep_daily_kpis", columns) == []
    assert columns_with_a_null(warehouse, "kpis.team_monthly_kpis", columns) == []


def test_cost_is_unknown_where_something_was_sold(warehouse: duckdb.DuckDBPyConnection) -> None:
    columns = ["cost_of_goods", "gross_margin", "gross_margin_rate"]
    assert columns_with_a_value(warehouse, "kpis.team_monthly_kpis", columns) == []


def test_every_raw_row_is_staged(warehouse: duckdb.DuckDBPyConnection) -> None:
    assert read_and_staged(warehouse) == [("order_lines", 69_659, 69_659), ("orders", 69_659, 69_659)]
