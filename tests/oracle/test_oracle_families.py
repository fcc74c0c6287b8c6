"""Numbers of the further families of KPIs that were worked out by hand."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from .compute import compute
from .folders import one, write_folder

LINES = "order_line_id order_id product_id quantity unit_price unit_cost"


def test_recurring_revenue_moves_at_the_closing_rate(tmp_path: Path) -> None:
    write_folder(
        tmp_path,
        subscriptions="""
            subscription_id started_on account_id ended_on mrr currency
            s1 2024-01-10 A - 100 USD
            s2 2024-01-10 B 2024-03-01 50 -
            s2 2024-04-10 B - 60 -
            s3 2024-01-15 C - 10 -
            s3 2024-03-01 C - 7 -
            s4 2024-02-05 D 2024-02-20 99 -
        """,
        exchange_rates="""
            rate_date currency rate
            2024-01-01 USD 0.9
            2024-02-15 USD 0.8
        """,
        tickets="""
            ticket_id ticket_type opened_at
            t1 question 2024-05-31T10:00
        """,
    )
    marts = compute(tmp_path, {"as_of_date": "2024-05-31"}).marts
    names = ("opening_mrr", "new_mrr", "contraction_mrr", "churned_mrr", "reactivation_mrr", "fx_mrr", "mrr")
    months = {row["month"].month: [row[name] for name in names] for row in marts["mrr_monthly"]}
    assert months[1] == [0, 150, 0, 0, 0, 0, 150]
    assert months[2] == [150, 0, 0, 0, 0, -10, 140]  # what begins and ends within a month is in neither
    assert months[3] == [140, 0, -3, -50, 0, 0, 87]
    assert months[4] == [87, 0, 0, 0, 60, 0, 147]
    assert one(marts["mrr_monthly"], month="2024-03-01")["nrr"] == pytest.approx((140 - 3 - 50) / 140)
    # M48: of those with whom the quarter began, which had nobody
    assert one(marts["company_quarterly_kpis"], quarter="2024-01-01")["nrr"] is None
    year = one(marts["kpi_values"], metric="arr", period_type="year")
    assert year["value"] == 12 * 147


def test_a_respondent_counts_once_and_for_its_latest_team(tmp_path: Path) -> None:
    write_folder(
        tmp_path,
        reps="""
            rep_id team_id
            ann north
            bob south
        """,
        survey_responses="""
            response_id survey_type responded_at score scale_max contact_id rep_id
            v1 nps 2024-01-05T10:00 2 - k1 ann
            v2 nps 2024-01-20T10:00 9 - k1 bob
            v3 nps 2024-02-20T10:00 8 - k1 ann
            v4 nps 2024-02-20T10:00 6 - - ann
            v5 nps 2024-02-21T10:00 5 5 - ann
            v6 csat 2024-02-21T10:00 4 - - ann
            v7 csat 2024-02-22T10:00 3.9 - - ann
        """,
    )
    marts = compute(tmp_path, {"as_of_date": "2024-03-31"}).marts
    january = {row["team_id"]: row for row in marts["team_monthly_kpis"] if row["month"].month == 1}
    assert [january[team]["nps_responses"] for team in ("north", "south")] == [0, 1]
    quarter = one(marts["company_quarterly_kpis"], quarter="2024-01-01")
    # the latest of k1 is 8, one more detractor; a scale of 5 is not one of nps
    assert [quarter[name] for name in ("promoters", "passives", "detractors", "nps")] == [0, 1, 1, -50]
    assert (quarter["nps_low"], quarter["nps_high"]) == (-100, pytest.approx(-50 + 196 * (0.25 / 2) ** 0.5))
    assert (quarter["csat"], quarter["csat_responses"]) == (0.5, 2)


def test_customers_stay_return_and_come_by_referral(tmp_path: Path) -> None:
    write_folder(
        tmp_path,
        accounts="""
            account_id acquisition_channel
            A referral
            B seo
            C -
        """,
        orders="""
            order_id ordered_at account_id status
            o1 2024-01-05T10:00 A completed
            o2 2024-01-06T10:00 B completed
            o3 2024-02-06T10:00 A completed
            o4 2024-02-06T10:00 C completed
        """,
        order_lines=f"""
            {LINES}
            l1 o1 - 1 100 40
            l2 o2 - 1 50 -
            l3 o3 - 1 10 4
            l4 o4 - 1 10 4
        """,
        returns="""
            return_id order_id returned_at refund_amount quantity
            r1 o2 2024-02-10T10:00 50 1
        """,
    )
    result = compute(tmp_path, {"as_of_date": "2024-03-31"})
    february = one(result.marts["company_monthly_kpis"], month="2024-02-01")
    # B's purchase is given back whole
    names = ("customers_at_start", "customers_retained", "customer_retention_rate", "customer_churn_rate")
    assert [february[name] for name in names] == [2, 1, 0.5, 0.5]
    assert (february["purchase_retention_rate"], february["repeat_purchase_rate"]) == (0.5, pytest.approx(1 / 3))
    assert (february["buyers"], february["revenue_per_customer"]) == (2, -15)
    assert one(result.marts["company_monthly_kpis"], month="2024-01-01")["referral_rate"] == 0.5
    assert february["referral_rate"] is None  # the one new customer came nobody knows how
    customer = one(result.marts["customer_kpis"], customer_id="B")
    assert (customer["returned_share"], customer["attention_reason"]) == (1.0, "returns")
    # 0 to 30 days after 6 January
    returns = {row["month"].month: row["return_rate"] for row in result.marts["company_monthly_kpis"]}
    assert returns == {1: 0, 2: 0, 3: None}


def test_prices_volumes_and_the_mix_explain_the_change(tmp_path: Path) -> None:
    write_folder(
        tmp_path,
        orders="""
            order_id ordered_at status
            o1 2024-01-05T10:00 completed
            o2 2024-02-06T10:00 completed
            o3 2024-03-31T10:00 completed
        """,
        order_lines=f"""
            {LINES}
            l1 o1 p 10 5 -
            l2 o1 q 10 20 -
            l3 o2 p 12 6 -
            l4 o2 q 12 20 -
            l5 o2 new 1 9 -
        """,
    )
    marts = compute(tmp_path).marts
    effects = ("price_effect", "volume_effect", "mix_effect", "fx_effect")
    of = {
        r["product_id"]: [r[name] for name in effects] for r in marts["product_monthly_kpis"] if r["month"].month == 2
    }
    assert of["p"] == [12, 10, 0, 0]  # 12 × (6 − 5); (24/20 − 1) × 50
    assert of["q"] == [0, 40, 0, 0]
    assert of["new"] == [0, 0, 9, 0]
    january = one(marts["product_monthly_kpis"], product_id="p", month="2024-01-01")
    assert january["price_effect"] is None  # nothing before


def test_campaigns_share_a_sale_and_its_return(tmp_path: Path) -> None:
    write_folder(
        tmp_path,
        leads="""
            lead_id created_at account_id campaign_id
            q1 2023-01-01T10:00 A old
            q2 2024-01-01T10:00 A m1
            q3 2024-01-02T10:00 A m1
        """,
        orders="""
            order_id ordered_at account_id campaign_id status
            o1 2024-01-05T10:00 A m2 completed
            o2 2024-01-06T10:00 B - completed
        """,
        order_lines=f"""
            {LINES}
            l1 o1 - 1 90 60
            l2 o2 - 1 10 -
        """,
        returns="""
            return_id order_id returned_at refund_amount
            r1 o1 2024-02-10T10:00 9
        """,
        campaign_spend="""
            campaign_id spend_date amount
            m1 2024-01-03 5
        """,
    )
    marts = compute(tmp_path, {"as_of_date": "2024-03-31", "attribution_window_days": 30}).marts
    january = {r["campaign_id"]: r for r in marts["campaign_monthly_kpis"] if str(r["month"]) == "2024-01-01"}
    # two touches of three; the lead of a year ago is too old
    assert january["m1"]["attributed_revenue"] == Decimal("59.9999")  # 90 × 0.66666666, rounded down
    assert january["m2"]["attributed_revenue"] == Decimal("30.0001")
    assert january["unattributed"]["attributed_revenue"] == 10
    assert january["m1"]["roas"] == pytest.approx(59.9999 / 5)
    assert january["m1"]["roi"] == pytest.approx((19.9999 - 5) / 5)
    assert january["m2"]["roi"] is None  # nothing spent
    february = {r["campaign_id"]: r for r in marts["campaign_monthly_kpis"] if str(r["month"]) == "2024-02-01"}
    assert february["m1"]["attributed_revenue"] == Decimal("-5.9999")


def test_deals_are_where_they_were_on_the_day(tmp_path: Path) -> None:
    write_folder(
        tmp_path,
        opportunities="""
            opportunity_id created_at stage probability amount close_date
            d1 2024-01-01T10:00 talk 0.5 100 2024-03-15
            d2 2024-01-01T10:00 won 1 40 2024-01-20
            d3 2024-01-10T10:00 lost 0 60 2024-01-25
        """,
        opportunity_stage_changes="""
            opportunity_id changed_at stage
            d1 2024-01-04T10:00 new
            d1 2024-01-09T10:00 talk
            d2 2024-01-02T10:00 talk
            d2 2024-01-05T10:00 won
            d2 2024-01-08T10:00 talk
            d2 2024-01-20T10:00 won
            d3 2024-01-10T10:00 talk
            d3 2024-01-25T10:00 lost
        """,
        tickets="""
            ticket_id ticket_type opened_at
            t1 question 2024-02-10T10:00
        """,
    )
    marts = compute(tmp_path).marts

    def stages(day: str) -> dict[str, tuple[int, int]]:
        rows = [row for row in marts["pipeline_daily"] if str(row["date_day"]) == day]
        return {row["stage"]: (row["open_deals"], row["weighted_pipeline"]) for row in rows}

    assert stages("2024-01-03") == {"unknown": (1, 50), "talk": (1, 20)}  # one of two of `talk` was won
    assert stages("2024-01-06") == {"new": (1, 50)}  # won, until it is reopened
    assert stages("2024-01-19") == {"talk": (3, 100)}
    assert stages("2024-01-31") == {"talk": (1, 50)}
    january = one(marts["company_monthly_kpis"], month="2024-01-01")
    assert (january["open_pipeline"], january["average_age_days"], january["median_sales_cycle_days"]) == (100, 30, 19)


def test_a_cohort_pays_back_when_its_margin_reaches_the_cost(tmp_path: Path) -> None:
    write_folder(
        tmp_path,
        orders="""
            order_id ordered_at account_id status
            o1 2024-01-05T10:00 A completed
            o2 2024-01-06T10:00 B completed
            o3 2024-02-06T10:00 A completed
        """,
        order_lines=f"""
            {LINES}
            l1 o1 - 1 100 40
            l2 o2 - 1 50 10
            l3 o3 - 1 80 20
        """,
        operating_costs="""
            cost_id cost_month cost_category amount
            e1 2024-01-01 sales 100
            e2 2024-01-01 other 7
        """,
        campaign_spend="""
            campaign_id spend_date amount
            m1 2024-01-03 50
        """,
    )
    marts = compute(tmp_path, {"as_of_date": "2024-03-31", "clv_horizon_months": 1}).marts
    january = one(marts["company_monthly_kpis"], month="2024-01-01")
    assert (january["cac"], january["cac_paid"], january["cac_payback_months"]) == (75, 25, 1)
    assert (january["clv_observed"], january["clv_cac_ratio"]) == (80, pytest.approx(80 / 75))
    assert (january["net_margin"], january["variable_costs"], january["marketing_costs"]) == (-57, 50, 50)
    march = one(marts["company_monthly_kpis"], month="2024-03-01")
    # 160 of margin in three months of 0, 2 and 2 customers, none lost: 60 months
    assert march["clv_projected"] == pytest.approx(160 / 4 * 60)
