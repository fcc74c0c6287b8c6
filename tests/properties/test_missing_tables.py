"""A raw table that is not supplied makes its KPIs unknown, and no other."""

from __future__ import annotations

import csv
from collections.abc import Collection, Set

from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import REPOSITORY
from tests.harness.compiled import Compiled
from tests.harness.warehouse import Warehouse
from tests.oracle.random_folder import RandomFolder

from .folders import Tables, build, raw_tables

TABLES = sorted(RandomFolder(0).tables())
ALIKE = {"sales": "orders order_lines", "order_sales": "orders order_lines"}  # orders are the revenue basis here
OPTIONAL = [table for table in TABLES if table not in ALIKE["sales"].split()]


def catalogue() -> dict[str, dict[str, str]]:
    with (REPOSITORY / "seeds" / "kpi_catalogue.csv").open(encoding="utf-8", newline="") as file:
        return {row["metric"]: row for row in csv.DictReader(file)}


def needs(targeted: Collection[str] = ()) -> dict[str, str]:
    """What each metric needs; what adds up, and mrr, has three more metrics where it has targets."""
    found = {metric: row["needs"] for metric, row in catalogue().items()}
    for metric in found.keys() & set(targeted):  # a target may name anything
        is_additive = catalogue()[metric]["aggregation"] == "sum" or metric == "mrr"
        if is_additive and metric != "net_revenue":  # its three are in the catalogue
            found[f"{metric}_target"] = "targets"
            for suffix in ("attainment_rate", "pace_rate"):
                found[f"{metric}_{suffix}"] = f"{found[metric]} targets"
    return found


def is_supplied(need: str, tables: Set[str]) -> bool:
    """`a|b` needs one of the two, `sales` both tables of the orders."""
    return any(set(ALIKE.get(one, one).split()) <= tables for one in need.split("|"))


def known_metrics(warehouse: Warehouse) -> set[str]:
    rows = warehouse.connection.execute("select distinct metric from kpis.kpi_values where value is not null")
    return {row[0] for row in rows.fetchall()}


# shares of the active customers, of whom a small folder may have none without its subscribers
OF_ACTIVE_CUSTOMERS = {
    "customer_retention_rate",
    "customer_churn_rate",
    "complaints_per_100_customers",
    "clv_projected",
}
NEEDED = [table for table in OPTIONAL if table in " ".join(needs().values()).replace("|", " ").split()]


@given(
    tables=raw_tables(),
    missing=st.one_of([st.sets(st.sampled_from(one), min_size=1, max_size=3) for one in (NEEDED, OPTIONAL)]),
)
def test_exactly_the_kpis_of_a_missing_table_are_unknown(compiled: Compiled, tables: Tables, missing: Set[str]) -> None:
    supplied = {name: rows for name, rows in tables.items() if name not in missing}
    with build(compiled, tables) as whole, build(compiled, supplied) as part:
        # of targets that count: a folder has unreadable ones too
        targeted = part.connection.execute("select distinct metric from staging.stg_crm__targets").fetchall()
        needed = needs([metric for (metric,) in targeted])
        expected = {m for m, need in needed.items() if all(is_supplied(one, supplied.keys()) for one in need.split())}
        rows = part.connection.execute("select metric from core.dim_kpis where is_available").fetchall()
        assert {row[0] for row in rows} == expected
        known = known_metrics(part)
        assert known <= expected
        # without rates or costs of products an amount is unknown too, without returns a small sum may be empty
        if missing <= set(NEEDED) - {"returns"}:
            lost = OF_ACTIVE_CUSTOMERS if "subscriptions" in missing else set()
            assert known_metrics(whole) & expected - lost <= known
