"""What must hold between the numbers of the oracle itself, over the sample and over folders full of rare cases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from .clock import add_months, last_of_month
from .compute import Result, compute
from .mrr import MOVEMENTS
from .parts import ADDITIVE
from .random_folder import RandomFolder

SAMPLE = Path(__file__).resolve().parents[2] / "sample_data"


@pytest.fixture(scope="module", params=["sample", 11])
def result(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Result]:
    if request.param == "sample":
        if not SAMPLE.is_dir():
            pytest.skip("no sample data")
        yield compute(SAMPLE)
    else:
        yield compute(RandomFolder(request.param).write(tmp_path_factory.mktemp("raw")))


def total(rows: list[dict[str, Any]], column: str) -> Decimal:
    return sum((Decimal(row[column] or 0) for row in rows), Decimal(0))


@pytest.mark.parametrize("column", ADDITIVE)
def test_reps_and_teams_add_up_to_the_same(result: Result, column: str) -> None:
    assert total(result.rep_daily, column) == total(result.team_monthly, column)


def test_gross_discount_sold_returned_and_net_agree(result: Result) -> None:
    for row in [*result.rep_daily, *result.team_monthly]:
        if row["gross_revenue"] is None:
            assert row["discount_amount"] is row["sold_amount"] is None
        else:
            assert row["gross_revenue"] - row["discount_amount"] == row["sold_amount"]
        assert (row["sold_amount"] or 0) - (row["returned_amount"] or 0) == (row["net_revenue"] or 0)


def test_each_dimension_has_every_customer_once(result: Result) -> None:
    sizes = {
        name: total(
            [r for r in result.cohorts if r["dimension_name"] == name and not r["months_since_first_purchase"]],
            "cohort_size",
        )
        for name in ("all", "segment", "channel", "team")
    }
    assert len(set(sizes.values())) == 1
    assert sizes["all"] == total(result.rep_daily, "new_customers")
    first = [r for r in result.cohorts if r["months_since_first_purchase"] == 0 and r["is_complete"]]
    assert {row["retention_rate"] for row in first} == {1.0}
    assert all(
        row["active_customers"] is None or row["active_customers"] <= row["cohort_size"] for row in result.cohorts
    )


def test_every_row_that_was_read_is_accounted_for(result: Result) -> None:
    def parts(row: Mapping[str, Any]) -> int:
        return sum(row[name] for name in ("rows_staged", "older_versions", "later_versions", "deleted", "quarantined"))

    assert all(row["rows_read"] == parts(row) for row in result.row_accounting)
    assert len(result.quarantine) == total(result.row_accounting, "quarantined")


def test_month_to_date_ends_at_the_month(result: Result) -> None:
    months: dict[tuple[str, Any], Decimal] = {}
    for row in result.rep_daily:
        key = (row["rep_id"], row["date_day"].replace(day=1))
        months[key] = months.get(key, Decimal(0)) + (row["net_revenue"] or 0)
        assert (row["month_to_date_net_revenue"] or 0) == months[key]


def test_recurring_revenue_moves_from_its_opening_to_its_closing(result: Result) -> None:
    closings: dict[tuple[str, Any], Decimal] = {}
    for row in result.marts["mrr_movements"]:
        moved = sum(row[name] or 0 for name in MOVEMENTS)
        assert (row["opening_mrr"] or 0) + moved == (row["mrr"] or 0)
        closings[(row["customer_id"], row["month"])] = row["mrr"] or Decimal(0)
    for row in result.marts["mrr_movements"]:
        before = (row["customer_id"], add_months(row["month"], -1))
        if before in closings:
            assert (row["opening_mrr"] or 0) == closings[before]


def test_respondents_are_promoters_passives_or_detractors(result: Result) -> None:
    names = ("promoters", "passives", "detractors", "nps_responses")
    for row in [*result.marts["satisfaction_monthly_kpis"], *result.marts["company_quarterly_kpis"]]:
        promoters, passives, detractors, responses = (row[name] or 0 for name in names)
        assert promoters + passives + detractors == responses
    for column in names:
        assert total(result.marts["company_monthly_kpis"], column) == total(result.team_monthly, column)


@pytest.mark.parametrize(
    ("column", "of_company"), [("attributed_revenue", "net_revenue"), ("attributed_margin", "gross_margin")]
)
def test_what_is_attributed_and_what_is_not_is_all(result: Result, column: str, of_company: str) -> None:
    campaigns, company = result.marts["campaign_monthly_kpis"], result.marts["company_monthly_kpis"]
    assert total(campaigns, column) == total(company, of_company)
    assert total(campaigns, "new_customers") == total(company, "new_customers")


def test_the_four_effects_are_the_change_of_revenue(result: Result) -> None:
    company = result.marts["company_monthly_kpis"]
    for before, after in pairwise(company):
        if after["price_effect"] is not None:
            effects = sum(after[f"{name}_effect"] for name in ("price", "volume", "mix", "fx"))
            assert effects == (after["net_revenue"] or 0) - (before["net_revenue"] or 0)
    assert any(row["price_effect"] for row in company)


@pytest.mark.parametrize("column", ["net_revenue", "gross_margin", "units_sold", "returned_units"])
def test_products_add_up_to_the_company(result: Result, column: str) -> None:
    assert total(result.marts["product_monthly_kpis"], column) == total(result.marts["company_monthly_kpis"], column)


def test_open_deals_of_a_month_are_those_of_its_last_day(result: Result) -> None:
    deals: Counter[Any] = Counter()
    for row in result.marts["pipeline_daily"]:
        deals[row["date_day"]] += row["open_deals"]
    for row in result.marts["company_monthly_kpis"]:
        last = min(last_of_month(row["month"]), result.as_of_date)
        assert deals[last] == row["open_deals"]


def test_the_tidy_form_has_the_values_of_the_marts(result: Result) -> None:
    values = {
        (row["metric"], row["period_start"]): row["value"]
        for row in result.marts["kpi_values"]
        if row["grain"] == "company" and row["period_type"] == "month"
    }
    for month in result.marts["company_monthly_kpis"]:
        for metric in ("net_revenue", "nps", "cac", "mrr", "return_rate", "customer_retention_rate"):
            value = values[(metric, month["month"])]
            assert value == (None if month[metric] is None else float(month[metric]))
