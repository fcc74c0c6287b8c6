"""The warehouse on the CRM of a hardware seller: deals without orders, leads, activities or targets."""

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
    CSAT,
    CUSTOMERS,
    DEALS,
    DURATIONS,
    GOODS,
    LEAD_RATES,
    LEADS,
    NPS,
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
from tests.semantic_layer import SemanticLayer

# Won revenue and won deals.
PRODUCTS = [
    ("GTK 500", 400_612, 15),
    ("GTX Plus Pro", 2_629_651, 479),
    ("GTX Pro", 3_510_578, 729),
    ("MG Special", 43_768, 793),
]

RAW_FIGURES = [
    Figure(
        "deals by stage",
        "published",
        [("Engaging", 1589), ("Lost", 2473), ("Prospecting", 500), ("Won", 4238)],
        "select stage, count(*) from opportunities group by stage order by stage",
    ),
    Figure(
        "won revenue",
        "published",
        10_005_534,
        "select sum(cast(amount as decimal(18, 4))) from opportunities where stage = 'Won'",
    ),
    Figure(
        "list value of all deals",
        "published",
        20_936_165,
        "select sum(cast(list_amount as decimal(18, 4))) from opportunities",
    ),
    Figure(
        "won revenue and won deals by product",
        "published",
        PRODUCTS,
        """
        select product_id, sum(cast(amount as decimal(18, 4))), count(*) from opportunities
        where stage = 'Won' and product_id in ('GTK 500', 'GTX Plus Pro', 'GTX Pro', 'MG Special')
        group by product_id order by product_id
        """,
    ),
    Figure(
        "no deal of an unknown rep, account or product",
        "computed",
        0,
        """
        select count(*) from opportunities
        where
            owner_rep_id not in (select rep_id from reps)
            or account_id not in (select account_id from accounts)
            or product_id not in (select product_id from products)
        """,
    ),
    Figure(
        "open deals without an account, deals without a creation day, reps without a deal",
        "computed",
        [(1425, 500, 5)],
        """
        select
            count(*) filter (account_id is null and stage in ('Engaging', 'Prospecting')),
            count(*) filter (created_at is null),
            (select count(*) from reps where rep_id not in (select owner_rep_id from opportunities))
        from opportunities
        """,
    ),
]

FIGURES = [
    Figure(
        "won revenue, by its three ways through the marts",
        "published",
        [(10_005_534, 10_005_534, 10_005_534)],
        """
        select
            (select sum(net_revenue) from kpis.rep_daily_kpis),
            (select sum(net_revenue) from kpis.team_monthly_kpis),
            (select sum(sold_amount) from core.fct_sales)
        """,
    ),
    Figure("won amount", "published", 10_005_534, "select sum(won_amount) from kpis.rep_daily_kpis"),
    Figure(
        "won deals",
        "published",
        [(4238, 4238)],
        "select sum(opportunities_won), sum(sales_count) from kpis.rep_daily_kpis",
    ),
    Figure("lost deals", "published", 2473, "select sum(opportunities_lost) from kpis.rep_daily_kpis"),
    Figure(
        "deals by stage",
        "published",
        [("Engaging", 1589), ("Lost", 2473), ("Prospecting", 500), ("Won", 4238)],
        "select stage, count(*) from core.fct_opportunities group by stage order by stage",
    ),
    Figure(
        "won, lost and open are all deals",
        "published",
        [(4238, 2473, 2089, 8800)],
        """
        select
            count(*) filter (is_won),
            count(*) filter (is_closed and not is_won),
            count(*) filter (not is_closed),
            count(*)
        from core.fct_opportunities
        """,
    ),
    Figure(
        "win rate of the closed deals, in %",
        "published",
        63.2,
        """
        select round(100 * sum(opportunities_won) / sum(opportunities_won + opportunities_lost), 1)
        from kpis.rep_daily_kpis
        """,
    ),
    Figure(
        "won deals of all deals, in %",
        "published",
        48.16,
        "select round(100.0 * count(*) filter (is_won) / count(*), 2) from core.fct_opportunities",
    ),
    Figure(
        "list value of all deals, and won value in % of it",
        "published",
        [(20_936_165, 47.8)],
        """
        select sum(list_amount), round(100 * sum(amount) filter (is_won) / sum(list_amount), 1)
        from core.fct_opportunities
        """,
    ),
    Figure(
        "mean days from creation to close: won, won and lost, lost",
        "published",
        [(51.8, 47.99, 41.48)],
        """
        select
            round(avg(close_date - created_date) filter (is_won), 1),
            round(avg(close_date - created_date), 2),
            round(avg(close_date - created_date) filter (not is_won), 2)
        from core.fct_opportunities
        where is_closed
        """,
    ),
    Figure(
        "revenue and win rate in % by close month, March to December 2017",
        "published",
        [
            ("2017-03", 1_134_672, 82.1),
            ("2017-04", 721_932, 48.6),
            ("2017-05", 1_025_713, 54.4),
            ("2017-06", 1_338_466, 82.8),
            ("2017-07", 696_932, 49.1),
            ("2017-08", 1_050_059, 56.8),
            ("2017-09", 1_235_264, 79.2),
            ("2017-10", 731_980, 49.3),
            ("2017-11", 938_943, 52.9),
            ("2017-12", 1_131_573, 78.5),
        ],
        """
        select
            strftime(month, '%Y-%m'),
            sum(net_revenue),
            round(100 * sum(opportunities_won) / sum(opportunities_won + opportunities_lost), 1)
        from kpis.team_monthly_kpis
        where month >= date '2017-03-01'
        group by month
        order by month
        """,
    ),
    Figure(
        "the five reps with the highest revenue",
        "published",
        [
            ("Darcel Schlecht", 1_153_214),
            ("Vicki Laflamme", 478_396),
            ("Kary Hendrixson", 454_298),
            ("Cassey Cress", 450_489),
            ("Donn Cantrell", 445_860),
        ],
        """
        select rep_name, sum(net_revenue) from kpis.rep_daily_kpis
        group by rep_name order by sum(net_revenue) desc limit 5
        """,
    ),
    Figure(
        "win rate of Darcel Schlecht, in %",
        "published",
        63.1,
        """
        select round(100 * sum(opportunities_won) / sum(opportunities_won + opportunities_lost), 1)
        from kpis.rep_daily_kpis
        where rep_id = 'Darcel Schlecht'
        """,
    ),
    Figure(
        "revenue of two managers",
        "published",
        [("Melvin Marxen", 2_251_930), ("Rocco Neubert", 1_960_545)],
        """
        select team_name, sum(net_revenue) from kpis.team_monthly_kpis
        where team_id in ('Melvin Marxen', 'Rocco Neubert')
        group by team_name order by team_name
        """,
    ),
    Figure(
        "won and closed deals of Cara Losch",
        "published",
        [(480, 745)],
        """
        select sum(opportunities_won), sum(opportunities_won + opportunities_lost)
        from kpis.team_monthly_kpis
        where team_id = 'Cara Losch'
        """,
    ),
    Figure(
        "wins by region",
        "published",
        [("Central", 1629), ("East", 1171), ("West", 1438)],
        """
        select region, sum(opportunities_won) from kpis.team_monthly_kpis
        where region is not null group by region order by region
        """,
    ),
    Figure(
        "revenue of the West",
        "published",
        3_568_647,
        "select sum(net_revenue) from kpis.team_monthly_kpis where region = 'West'",
    ),
    Figure(
        "revenue and sales by product",
        "published",
        PRODUCTS,
        """
        select product_id, sum(sold_amount), count(*) from core.fct_sales
        where product_id in ('GTK 500', 'GTX Plus Pro', 'GTX Pro', 'MG Special')
        group by product_id order by product_id
        """,
    ),
    Figure(
        "won below and above list price, and deals at list price",
        "computed",
        [(-408_014, 390_066, 65)],
        """
        select
            sum(amount - list_amount) filter (amount < list_amount),
            sum(amount - list_amount) filter (amount > list_amount),
            count(*) filter (amount = list_amount)
        from core.fct_opportunities
        where is_won
        """,
    ),
    Figure(
        "discount: what was won below list price, less what was won above it",
        "computed",
        [(408_014 - 390_066, 408_014 - 390_066)],
        """
        select
            (select sum(discount_amount) from kpis.rep_daily_kpis),
            (select sum(gross_revenue - sold_amount) from kpis.team_monthly_kpis)
        """,
    ),
    Figure(
        "deals created on a known day",
        "computed",
        8300,
        "select sum(opportunities_created) from kpis.rep_daily_kpis",
    ),
    Figure(
        "first and last day of the calendar: from the first engage date's month to that of the last close date",
        "computed",
        [("2016-10-01", "2017-12-31")],
        "select min(date_day)::varchar, max(date_day)::varchar from kpis.rep_daily_kpis where rep_id = 'unassigned'",
    ),
    Figure(
        "reps, teams, products and customers, none inferred",
        "computed",
        [(35, 6, 7, 85)],
        """
        select
            (select count(*) from core.dim_reps where rep_id <> 'unassigned' and not is_inferred),
            (select count(*) from core.dim_teams where team_id <> 'unassigned' and not is_inferred),
            (select count(*) from core.dim_products where not is_inferred),
            (select count(*) from core.dim_customers where not is_inferred)
        """,
    ),
    Figure(
        "members that were inferred",
        "computed",
        0,
        """
        select count(*) from (
            select rep_id from core.dim_reps where is_inferred and rep_id <> 'unassigned'
            union all
            select team_id from core.dim_teams where is_inferred and team_id <> 'unassigned'
            union all
            select product_id from core.dim_products where is_inferred
            union all
            select customer_id from core.dim_customers where is_inferred
        )
        """,
    ),
    Figure("rows in quarantine", "computed", 0, "select count(*) from quality.quarantined_rows"),
]

COSTS = ["operating_costs", "sales_costs", "marketing_costs", "other_costs", "fixed_costs", "variable_costs"]
NET_OF_COSTS = ["total_costs", "net_margin", "net_margin_rate", "cac", "cac_payback_months", "clv_cac_ratio"]
EFFECTS = ["price_effect", "volume_effect", "mix_effect", "fx_effect"]
MARGINS = ["gross_margin_rate", "cost_coverage_rate", "attributed_margin", "clv_observed", "clv_projected"]
RECURRING = ["mrr", "arr", "customers", "opening_mrr", "nrr", "grr"]
MOVEMENTS = ["new_mrr", "expansion_mrr", "contraction_mrr", "churned_mrr", "reactivation_mrr", "fx_mrr"]
CALLS = ["call_connect_rate", *DURATIONS, *ACTIVITY_AVERAGES]
# What a CRM of deals alone cannot say: raw table that is missing, the first one by name -> the KPIs that need it.
MISSING = {
    "activities": ["activities", *ACTIVITIES, *CALLS, "activities_per_fte"],
    "campaign_spend": ["campaign_spend", "cac_paid", "roas", "roi"],
    "leads": [*LEADS, *LEAD_RATES],
    "operating_costs": [*COSTS, *NET_OF_COSTS],
    "order_lines": [*GOODS, *RETURNS, "returned_units", "return_rate", *MARGINS, *EFFECTS],
    "reviews": ["average_rating", "median_reply_hours", "review_count"],
    "subscriptions": [*RECURRING, *MOVEMENTS],
    "survey_invitations": ["response_rate"],
    "survey_responses": [*CSAT, *NPS],
    "targets": ["target", *ATTAINMENT, "pipeline_coverage"],
    "tickets": ["complaints", "complaints_per_100_customers"],
    "web_visits": ["visitors", "visitor_conversion_rate"],
}
NOT_TO_BE_HAD = sorted(metric for metrics in MISSING.values() for metric in metrics)

NEVER_AVAILABLE = [*LEADS, *ACTIVITIES, *DURATIONS, *GOODS, *RETURNS, *ATTAINMENT]


@pytest.fixture(scope="module")
def raw(raw_folder: Callable[[str], Path]) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_raw(raw_folder("maven_crm")) as connection:
        yield connection


@pytest.fixture(scope="module")
def warehouse(real_warehouse: Callable[[str], RealWarehouse]) -> Iterator[duckdb.DuckDBPyConnection]:
    with real_warehouse("maven_crm").connect() as connection:
        yield connection


@pytest.mark.parametrize("figure", parametrised(RAW_FIGURES))
def test_mapped_files_have_the_figures(raw: duckdb.DuckDBPyConnection, figure: Figure) -> None:
    assert_figure(raw, figure)


@pytest.mark.parametrize("figure", parametrised(FIGURES))
def test_marts_have_the_figures(warehouse: duckdb.DuckDBPyConnection, figure: Figure) -> None:
    assert_figure(warehouse, figure)


def test_reps_add_up_to_teams_in_every_month(warehouse: duckdb.DuckDBPyConnection) -> None:
    reps = monthly_totals(warehouse, "kpis.rep_daily_kpis", "date_day", ADDITIVE)
    assert len(reps) == 15
    assert reps == monthly_totals(warehouse, "kpis.team_monthly_kpis", "month", ADDITIVE)


def test_kpis_without_their_raw_tables_are_null_for_reps(warehouse: duckdb.DuckDBPyConnection) -> None:
    columns = [*NEVER_AVAILABLE, *ACTIVITY_AVERAGES, "month_target", "gross_margin_rate"]
    assert columns_with_a_value(warehouse, "kpis.rep_daily_kpis", columns) == []


def test_kpis_without_their_raw_tables_are_null_for_teams(warehouse: duckdb.DuckDBPyConnection) -> None:
    columns = [*NEVER_AVAILABLE, *LEAD_RATES, *SATISFACTION, "target", "attainment_rank", "gross_margin_rate"]
    columns.append("activities_per_fte")
    assert columns_with_a_value(warehouse, "kpis.team_monthly_kpis", columns) == []


def test_the_catalogue_says_which_table_each_kpi_lacks(warehouse: duckdb.DuckDBPyConnection) -> None:
    said: dict[str, list[str]] = {}
    for table, metric in warehouse.sql(
        "select missing_table, metric from core.dim_kpis where not is_available order by metric"
    ).fetchall():
        said.setdefault(table, []).append(metric)
    assert said == {table: sorted(metrics) for table, metrics in MISSING.items()}
    supplied = warehouse.sql("select table_name from quality.row_accounting where is_supplied").fetchall()
    assert not {table for (table,) in supplied} & set(MISSING)


def test_a_kpi_that_lacks_a_table_is_null_in_every_mart(warehouse: duckdb.DuckDBPyConnection) -> None:
    suffixes = ["", "_numerator", "_denominator", "_low", "_high", "_to_date"]
    names = {metric + suffix for metric in NOT_TO_BE_HAD for suffix in suffixes}
    # A mart may show it under another name, as `month_target`.
    shown = warehouse.sql(
        "select unnest(string_split(marts, ' ')) from core.dim_kpis where not is_available"
    ).fetchall()
    columns = warehouse.sql("""
        select table_name, column_name from duckdb_columns() where schema_name = 'kpis' and table_name <> 'kpi_values'
    """).fetchall()
    looked_at = [(mart, name) for mart, name in columns if name in names or (f"{mart}.{name}",) in shown]
    assert len(looked_at) > 200
    known = [
        f"{mart}.{name}"
        for mart, name in looked_at
        if warehouse.sql(f"select count({name}) from kpis.{mart}").fetchall() != [(0,)]
    ]
    assert known == []


def test_a_kpi_that_lacks_a_table_has_rows_without_a_value_in_kpi_values(warehouse: duckdb.DuckDBPyConnection) -> None:
    rows = warehouse.execute(
        "select metric, count(value) + count(low) + count(high) + count(rank) from kpis.kpi_values "
        "where list_contains(?, metric) group by metric order by metric",
        [NOT_TO_BE_HAD],
    ).fetchall()
    assert rows == [(metric, 0) for metric in NOT_TO_BE_HAD]


def test_a_kpi_that_lacks_a_table_has_no_value_in_the_semantic_layer(
    warehouse: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    layer = SemanticLayer(tmp_path)
    answers = {
        metric.name: [value for value in layer.query(warehouse, metric.name, "month").values() if value is not None]
        for metric in layer.metrics
    }
    assert {metric: values for metric, values in answers.items() if metric in NOT_TO_BE_HAD and values} == {}
    assert sum(answers["net_revenue"]) == 10_005_534


def test_margin_of_cohorts_is_null(warehouse: duckdb.DuckDBPyConnection) -> None:
    columns = ["gross_margin", "cumulative_margin_per_customer"]
    assert columns_with_a_value(warehouse, "kpis.cohort_retention", columns) == []


@pytest.mark.parametrize("mart", ["kpis.rep_daily_kpis", "kpis.team_monthly_kpis"])
def test_kpis_with_their_raw_tables_are_0_where_nothing_happened(
    warehouse: duckdb.DuckDBPyConnection, mart: str
) -> None:
    columns = [*DEALS, *SALES, *CUSTOMERS]
    assert columns_with_a_null(warehouse, mart, columns) == []
    assert warehouse.sql(f"select count(*) from {mart} where sales_count = 0 and net_revenue = 0").fetchall() != [(0,)]


@pytest.mark.parametrize("mart", ["kpis.rep_daily_kpis", "kpis.team_monthly_kpis"])
def test_win_rate_is_won_of_closed_and_null_without_closed_deals(
    warehouse: duckdb.DuckDBPyConnection, mart: str
) -> None:
    wrong = f"""
        select count(*) from {mart}
        where win_rate is distinct from
            cast(opportunities_won as double) / nullif(opportunities_won + opportunities_lost, 0)
    """
    assert warehouse.sql(wrong).fetchall() == [(0,)]


def test_every_raw_row_is_staged(warehouse: duckdb.DuckDBPyConnection) -> None:
    assert read_and_staged(warehouse) == [
        ("accounts", 85, 85),
        ("opportunities", 8800, 8800),
        ("products", 7, 7),
        ("reps", 35, 35),
        ("teams", 6, 6),
    ]
