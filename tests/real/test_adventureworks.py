"""The warehouse on reseller sales of a bicycle maker: orders with cost and discounts, reps, teams and quotas."""

from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest

from tests.real.conftest import RealWarehouse, open_raw
from tests.real.figures import (
    ACTIVITIES,
    ACTIVITY_AVERAGES,
    ADDITIVE,
    CUSTOMERS,
    DEALS,
    DURATIONS,
    GOODS,
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
from tests.real.mapping import DATASETS

TOP_REPS = [
    ("282", 10_367_007.43),
    ("283", 10_065_803.54),
    ("281", 9_293_903.01),
    ("291", 8_503_338.65),
    ("285", 7_171_012.75),
]
# Of the team of each manager: revenue; quotas to November 2013, when the data end, thirds rounded down to 4 decimals.
TEAM_REVENUE = [("Europe", 15_535_946.2559), ("North America", 63_320_315.3497), ("Pacific", 1_594_335.3767)]
TEAM_QUOTAS = [("Europe", 18_278_999.9998), ("North America", 72_238_999.999), ("Pacific", 1_742_999.9998)]

RAW_FIGURES = [
    Figure(
        "lines, orders, net, cost, discount and reps",
        "published",
        [(60_855, 3_796, 80_450_596.98, 79_980_114.38, 527_507.93, 17)],
        """
        select
            count(*),
            count(distinct order_id),
            round(sum(line_amount), 2),
            round(sum(quantity * unit_cost), 2),
            round(sum(discount_amount), 2),
            count(distinct rep_id)
        from order_lines inner join orders using (order_id)
        """,
    ),
    Figure("orders", "published", 3_796, "select count(*) from orders"),
    Figure(
        "first and last day",
        "published",
        [("2010-12-29", "2013-11-29")],
        "select min(ordered_at)::varchar, max(ordered_at)::varchar from orders",
    ),
    Figure(
        "revenue of the five best reps",
        "computed",
        TOP_REPS,
        """
        select rep_id, round(sum(line_amount), 2) from order_lines inner join orders using (order_id)
        group by rep_id order by 2 desc limit 5
        """,
    ),
    Figure(
        "quotas, in monthly thirds, one for each rep and month",
        "published",
        [(95_714_000, 3 * 163, 3 * 163)],
        "select sum(target_value), count(*), count(distinct (target_month, entity_id)) from targets",
    ),
    Figure("customers", "published", 701, "select count(*) from accounts"),
    Figure(
        "reps, each in one team, and teams",
        "computed",
        [(17, 17, 3)],
        """
        select
            (select count(*) from reps),
            (select count(*) from team_memberships inner join reps using (rep_id, team_id)),
            (select count(*) from teams)
        """,
    ),
]

FIGURES = [
    Figure(
        "net revenue, by its four ways through the marts",
        "published",
        [(80_450_596.98, 80_450_596.98, 80_450_596.98, 80_450_596.98)],
        """
        select
            (select round(sum(net_revenue), 2) from kpis.rep_daily_kpis),
            (select round(sum(net_revenue), 2) from kpis.team_monthly_kpis),
            -- an open month has no cohort cells: November 2013, of which the 30th is missing
            (select round(sum(net_revenue), 2) from kpis.cohort_retention where dimension_name = 'all')
            + (select round(sum(net_revenue), 2) from kpis.team_monthly_kpis where not is_complete_period),
            (select round(sum(sold_amount), 2) from core.fct_sales)
        """,
    ),
    Figure(
        "orders",
        "published",
        [(3_796, 3_796)],
        """
        select
            (select sum(sales_count) from kpis.rep_daily_kpis),
            (select sum(sales_count) from kpis.team_monthly_kpis)
        """,
    ),
    Figure("lines", "published", 60_855, "select count(*) from core.fct_sales"),
    Figure("cost", "published", 79_980_114.38, "select round(sum(cost_of_goods), 2) from kpis.team_monthly_kpis"),
    Figure("discount", "published", 527_507.93, "select round(sum(discount_amount), 2) from kpis.team_monthly_kpis"),
    Figure(
        "quotas in the fact, also that of the month after the data end",
        "published",
        [(95_714_000, 3 * 163)],
        "select sum(target_value), count(*) from core.fct_targets",
    ),
    Figure("customers", "published", 701, "select count(*) from core.dim_customers where not is_inferred"),
    Figure(
        "revenue of the five best reps",
        "computed",
        TOP_REPS,
        """
        select rep_id, round(sum(net_revenue), 2) from kpis.rep_daily_kpis
        group by rep_id order by 2 desc limit 5
        """,
    ),
    Figure(
        "revenue of each team",
        "computed",
        TEAM_REVENUE,
        """
        select team_id, sum(net_revenue) from kpis.team_monthly_kpis
        where team_id <> 'unassigned' group by team_id order by team_id
        """,
    ),
    Figure(
        "gross revenue, margin and units",
        "computed",
        [(80_978_104.9085, 470_482.6033, 214_378)],
        "select sum(gross_revenue), sum(gross_margin), sum(units_sold) from kpis.team_monthly_kpis",
    ),
    Figure(
        "customers who bought",
        "computed",
        [(635, 635)],
        """
        select
            (select sum(new_customers) from kpis.rep_daily_kpis),
            (
                select sum(cohort_size) from kpis.cohort_retention
                where dimension_name = 'all' and months_since_first_purchase = 0
            )
        """,
    ),
    Figure(
        "quotas of each team to the last month of the data",
        "computed",
        TEAM_QUOTAS,
        """
        select team_id, sum(target) from kpis.team_monthly_kpis
        where team_id <> 'unassigned' group by team_id order by team_id
        """,
    ),
    Figure(
        "quotas of the reps to the last month of the data",
        "computed",
        TEAM_QUOTAS,
        """
        with months as (
            select rep_id, team_id, date_trunc('month', date_day) as month, max(month_target) as month_target
            from kpis.rep_daily_kpis
            group by rep_id, team_id, month
        )
        select team_id, sum(month_target) from months
        where team_id <> 'unassigned' group by team_id order by team_id
        """,
    ),
    Figure(
        "the quota dated 29 December 2011 belongs to the quarter that begins, not to the one that ends",
        "computed",
        [("2012-01-01", 476_333.3333), ("2012-02-01", 476_333.3333), ("2012-03-01", 476_333.3334)],
        """
        select target_month::varchar, target_value from core.fct_targets
        where entity_id = '281' and target_month between date '2012-01-01' and date '2012-03-01'
        order by target_month
        """,
    ),
    Figure(
        "attainment of North America in the year 2012, in %",
        "computed",
        85.61,
        """
        select round(100 * sum(net_revenue) / sum(target), 2) from kpis.team_monthly_kpis
        where team_id = 'North America' and year(month) = 2012
        """,
    ),
    Figure(
        "no target before 2011",
        "computed",
        0,
        "select count(target) from kpis.team_monthly_kpis where month < date '2011-01-01'",
    ),
    Figure(
        "the last month is not complete: its last day has no data",
        "computed",
        [("2013-11-01", False)],
        """
        select month::varchar, is_complete_period from kpis.team_monthly_kpis
        where team_id = 'Europe' order by month desc limit 1
        """,
    ),
    Figure("rows in quarantine", "computed", 0, "select count(*) from quality.quarantined_rows"),
]

NEVER_AVAILABLE = [*LEADS, *ACTIVITIES, *DURATIONS, *DEALS, *RETURNS, "win_rate"]


@pytest.fixture(scope="module")
def raw(raw_folder: Callable[[str], Path]) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_raw(raw_folder("adventureworks")) as connection:
        yield connection


@pytest.fixture(scope="module")
def warehouse(real_warehouse: Callable[[str], RealWarehouse]) -> Iterator[duckdb.DuckDBPyConnection]:
    with real_warehouse("adventureworks").connect() as connection:
        yield connection


@pytest.mark.parametrize("figure", parametrised(RAW_FIGURES))
def test_mapped_files_have_the_figures(raw: duckdb.DuckDBPyConnection, figure: Figure) -> None:
    assert_figure(raw, figure)


@pytest.mark.parametrize("figure", parametrised(FIGURES))
def test_marts_have_the_figures(warehouse: duckdb.DuckDBPyConnection, figure: Figure) -> None:
    assert_figure(warehouse, figure)


def test_thirds_add_up_to_every_quota(raw: duckdb.DuckDBPyConnection) -> None:
    source = DATASETS["adventureworks"].source_dir / "FactSalesQuota.parquet"
    quotas = f"select EmployeeKey::varchar, SalesAmountQuota from '{source}' order by EmployeeKey, SalesQuotaKey"
    thirds = """
        select entity_id, sum(target_value) from targets
        group by entity_id, date_trunc('quarter', target_month)
        order by entity_id, date_trunc('quarter', target_month)
    """
    assert raw.sql(thirds).fetchall() == raw.sql(quotas).fetchall()


def test_every_rep_and_day_has_the_revenue_of_the_source(warehouse: duckdb.DuckDBPyConnection) -> None:
    source = DATASETS["adventureworks"].source_dir / "FactResellerSales.parquet"
    expected = f"""
        select cast(EmployeeKey as varchar), cast(OrderDate as date), sum(SalesAmount) from '{source}'
        group by all order by all
    """
    marts = "select rep_id, date_day, net_revenue from kpis.rep_daily_kpis where sales_count > 0 order by all"
    assert warehouse.sql(marts).fetchall() == warehouse.sql(expected).fetchall()


def test_reps_add_up_to_teams_in_every_month(warehouse: duckdb.DuckDBPyConnection) -> None:
    reps = monthly_totals(warehouse, "kpis.rep_daily_kpis", "date_day", ADDITIVE)
    assert len(reps) == 36
    assert reps == monthly_totals(warehouse, "kpis.team_monthly_kpis", "month", ADDITIVE)


def test_quotas_do_not_double_sales(warehouse: duckdb.DuckDBPyConnection) -> None:
    for mart, grain in (("rep_daily_kpis", "date_day, rep_id"), ("team_monthly_kpis", "month, team_id")):
        rows, keys = warehouse.sql(f"select count(*), count(distinct ({grain})) from kpis.{mart}").fetchall()[0]
        assert rows == keys


def test_kpis_without_their_raw_tables_are_null(warehouse: duckdb.DuckDBPyConnection) -> None:
    rep_columns = [*NEVER_AVAILABLE, *ACTIVITY_AVERAGES]
    assert columns_with_a_value(warehouse, "kpis.rep_daily_kpis", rep_columns) == []
    team_columns = [*NEVER_AVAILABLE, *LEAD_RATES, *SATISFACTION, "win_rate_value", "activities_per_fte"]
    assert columns_with_a_value(warehouse, "kpis.team_monthly_kpis", team_columns) == []


def test_kpis_with_their_raw_tables_are_never_null(warehouse: duckdb.DuckDBPyConnection) -> None:
    columns = [*SALES, *CUSTOMERS, *GOODS]
    assert columns_with_a_null(warehouse, "kpis.rep_daily_kpis", columns) == []
    assert columns_with_a_null(warehouse, "kpis.team_monthly_kpis", columns) == []


def test_every_raw_row_is_staged(warehouse: duckdb.DuckDBPyConnection) -> None:
    assert read_and_staged(warehouse) == [
        ("accounts", 701, 701),
        ("order_lines", 60_855, 60_855),
        ("orders", 3_796, 3_796),
        ("products", 606, 606),
        ("reps", 17, 17),
        ("targets", 489, 489),
        ("team_memberships", 17, 17),
        ("teams", 3, 3),
    ]
