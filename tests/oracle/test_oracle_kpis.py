"""Numbers of the oracle that were worked out by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from .arithmetic import allocate, wilson
from .compute import Result, compute
from .folders import one, rep_day, team_month, write_folder

LINES = "order_line_id order_id quantity unit_price unit_cost"
MOVE = """
    rep_id valid_from team_id valid_to
    ann 2024-02-01 north 2024-03-11
    ann 2024-03-11 south -
"""


def test_a_rep_moves_and_her_return_stays_with_the_old_team(tmp_path: Path) -> None:
    write_folder(
        tmp_path,
        reps="""
            rep_id hired_on
            ann 2024-01-01
        """,
        team_memberships=MOVE,
        orders="""
            order_id ordered_at rep_id account_id status
            first 2024-01-15T10:00 ann A completed
            north 2024-03-10T10:00 ann A completed
            south 2024-03-11T10:00 ann A completed
            other 2024-03-12T10:00 ann A open
        """,
        order_lines=f"""
            {LINES}
            l1 first 1 10 4
            l2 north 2 50 30
            l3 south 1 70 -
            l4 other 1 99 -
        """,
        returns="""
            return_id order_id order_line_id returned_at quantity refund_amount
            r1 north l2 2024-04-02T10:00 1 50
            r2 other l4 2024-04-02T10:00 1 99
            r3 ghost l9 2024-04-02T10:00 1 99
        """,
    )
    result = compute(tmp_path)
    # before the first known membership: the first one
    assert team_month(result, "north", "2024-01")["net_revenue"] == 10
    assert team_month(result, "north", "2024-03")["net_revenue"] == 100
    assert team_month(result, "south", "2024-03")["net_revenue"] == 70
    april = team_month(result, "north", "2024-04")
    assert (april["returned_amount"], april["net_revenue"]) == (50, -50)
    assert (april["cost_of_goods"], april["gross_margin"]) == (-30, -20)
    assert april["active_reps"] == 0
    # the rep's own day has the return, under the team of that day
    day = rep_day(result, "ann", "2024-04-02")
    assert (day["team_id"], day["net_revenue"]) == ("south", -50)
    # 10 days in north, 21 in south
    assert team_month(result, "north", "2024-03")["fte"] == pytest.approx(10 / 31)
    assert team_month(result, "south", "2024-03")["fte"] == pytest.approx(21 / 31)
    # no line of south has a cost: unknown, not 0
    assert team_month(result, "south", "2024-03")["gross_margin"] is None
    assert team_month(result, "south", "2024-04")["gross_margin"] == 0
    assert result.as_of_date == date(2024, 4, 2)


def test_a_late_return_lengthens_the_days_of_a_rep_who_left(tmp_path: Path) -> None:
    write_folder(
        tmp_path,
        reps="""
            rep_id hired_on left_on
            ann 2023-12-05 2024-01-20
            bob 2024-01-10 2024-01-12
        """,
        orders="""
            order_id ordered_at rep_id status
            o1 2024-01-15T10:00 ann completed
            o2 2024-02-20T10:00 - completed
        """,
        order_lines=f"""
            {LINES}
            l1 o1 3 10 1
        """,
        returns="""
            return_id order_id order_line_id returned_at quantity refund_amount
            r1 o1 l1 2024-02-03T10:00 1 10
        """,
    )
    result = compute(tmp_path)
    days = [row["date_day"] for row in result.rep_daily if row["rep_id"] == "ann"]
    assert (days[0], days[-1], len(days)) == (date(2024, 1, 1), date(2024, 2, 3), 34)
    assert [row["date_day"].day for row in result.rep_daily if row["rep_id"] == "bob"] == [10, 11]
    assert rep_day(result, "ann", "2024-01-19")["is_employed"] is True
    assert rep_day(result, "ann", "2024-01-20")["is_employed"] is False
    # an order without line is a sale of 0, and no basket
    alone = rep_day(result, "unassigned", "2024-02-20")
    assert (alone["sales_count"], alone["basket_count"], alone["net_revenue"], alone["gross_margin"]) == (1, 0, 0, 0)


def test_splits_are_shared_to_the_last_unit(tmp_path: Path) -> None:
    write_folder(
        tmp_path,
        opportunities="""
            opportunity_id created_at owner_rep_id stage close_date amount account_id
            d1 2024-01-02 ann Closed~Won 2024-01-10 100 A
            d2 2024-01-02 ann lost 2024-01-10 300 A
            d3 2024-01-02 ann won 2024-01-10 7 A
        """,
        opportunity_splits="""
            opportunity_id rep_id share
            d1 ann 0.3333
            d1 bob 0.3333
            d1 cem 0.3333
            d3 ann 0.5
            d3 bob 0.4
        """,
        orders="""
            order_id ordered_at opportunity_id account_id status
            o1 2024-01-11T10:00 d1 A completed
            o3 2024-01-12T10:00 d3 A completed
        """,
        order_lines=f"""
            {LINES}
            l1 o1 1 100 -
            l3 o3 1 7 -
        """,
    )
    result = compute(tmp_path)
    rows = [rep_day(result, rep, "2024-01-11") for rep in ("ann", "bob", "cem")]
    assert [row["net_revenue"] for row in rows] == [Decimal("33.3333"), Decimal("33.3333"), Decimal("33.3334")]
    assert [row["sales_count"] for row in rows] == [Decimal(x) for x in ("0.33333333", "0.33333333", "0.33333334")]
    assert sum(row["new_customers"] for row in rows) == 1
    # splits that do not add up: the owner gets all
    assert rep_day(result, "ann", "2024-01-12")["net_revenue"] == 7
    # deal counts belong to the owner
    closed = rep_day(result, "ann", "2024-01-10")
    assert (closed["opportunities_won"], closed["opportunities_lost"], closed["win_rate"]) == (2, 1, 2 / 3)
    assert closed["won_amount"] == 107


def test_midnight_is_that_of_the_reporting_time_zone_on_both_sides_of_a_change_of_clocks(tmp_path: Path) -> None:
    write_folder(
        tmp_path,
        activities="""
            activity_id rep_id activity_type started_at duration_seconds outcome
            a1 ann call 2024-03-30T22:59 60 connected
            a2 ann call 2024-03-30T23:00 0 -
            a3 ann call 2024-03-31T21:59 - no_answer
            a4 ann call 2024-03-31T22:00 90 -
            a5 ann meeting 2024-04-01 - -
            a6 ann meeting 2024-04-01T10:00 600 cancelled
        """,
    )
    result = compute(tmp_path, {"start_date": "2024-03-01"})
    days = {day: rep_day(result, "ann", f"2024-{day}") for day in ("03-30", "03-31", "04-01")}
    assert [days[day]["calls"] for day in days] == [1, 2, 1]
    assert [days[day]["connected_calls"] for day in days] == [1, 0, 1]
    assert [days[day]["call_connect_rate"] for day in days] == [1, 0, 1]
    assert [days[day]["call_seconds"] for day in days] == [60, 0, 90]
    assert [days[day]["average_call_minutes"] for day in days] == [1.0, None, 1.5]
    april = days["04-01"]
    assert (april["meetings"], april["held_meetings"], april["meeting_seconds"]) == (2, 1, 600)
    assert (april["average_meeting_minutes"], april["net_revenue"], april["leads_created"]) == (None, None, None)


DEALS = """
    opportunity_id created_at owner_rep_id stage close_date is_won is_closed
    reopened 2024-01-02 ann won - - -
    open 2024-01-02 ann talk 2024-06-30 - -
    flags 2024-01-02 ann signed 2024-02-05 true false
    nodate 2024-01-02 ann lost - - -
    late - ann perdu 2024-03-20 - -
"""
CHANGES = """
    opportunity_id changed_at stage
    reopened 2024-01-10T09:00 Won
    reopened 2024-02-01T09:00 talk
    reopened 2024-03-05T09:00 won
    late 2024-01-03T09:00 talk
"""


def test_a_reopened_deal_counts_once_at_its_latest_win(tmp_path: Path) -> None:
    write_folder(tmp_path, opportunities=DEALS, opportunity_stage_changes=CHANGES)
    result = compute(tmp_path)
    assert result.as_of_date == date(2024, 3, 20)
    won = {row["date_day"].isoformat() for row in result.rep_daily if row["opportunities_won"]}
    assert won == {"2024-02-05", "2024-03-05"}
    assert sum(row["opportunities_lost"] for row in result.rep_daily) == 1
    # `nodate` is excluded; `late` was created at its first stage change
    assert rep_day(result, "ann", "2024-01-02")["opportunities_created"] == 3
    assert rep_day(result, "ann", "2024-01-03")["opportunities_created"] == 1


def test_as_of_an_earlier_day_a_later_win_is_undone(tmp_path: Path) -> None:
    write_folder(tmp_path, opportunities=DEALS, opportunity_stage_changes=CHANGES)

    def wins(day: str) -> list[str]:
        result = compute(tmp_path, {"as_of_date": day})
        return [row["date_day"].isoformat() for row in result.rep_daily if row["opportunities_won"]]

    assert wins("2024-02-10") == ["2024-02-05"]
    assert wins("2024-01-31") == ["2024-01-10"]


def people(tmp_path: Path, as_of: str) -> Result:
    write_folder(
        tmp_path,
        reps="""
            rep_id team_id hired_on updated_at
            ann north 2023-01-01 2023-01-01
            ann south 2023-01-01 2024-01-20
        """,
        leads="""
            lead_id created_at owner_rep_id email account_id opportunity_id converted_at updated_at
            L1 2024-01-05T10:00 ann x@Y.fr - - - 2024-01-05
            L1 2024-01-05T10:00 bob x@Y.fr A - - 2024-01-06
            L2 2024-01-25T10:00 ann X@y.fr A - - 2024-01-25
            L3 2024-01-06T10:00 ann - B - - 2024-01-06
            L4 2024-01-07T10:00 ann - - - 2024-01-06 2024-01-07
            L5 2024-01-07T10:00 ann - A d1 - 2024-01-07
            L6 2024-01-08T10:00 ann - - - 2024-04-09 2024-04-20
        """,
        opportunities="""
            opportunity_id stage close_date
            d1 lost 2024-02-01
        """,
        orders="""
            order_id ordered_at rep_id account_id status updated_at
            o1 2024-01-04T10:00 ann A completed 2024-06-30
            o2 2024-02-10T10:00 ann A completed 2024-02-10
            o3 2024-04-05T10:00 ann B completed 2024-04-05
        """,
        order_lines=f"""
            {LINES}
            l1 o1 1 5 -
        """,
    )
    return compute(tmp_path, {"as_of_date": as_of})


def test_people_convert_once_and_within_the_days_given(tmp_path: Path) -> None:
    result = people(tmp_path, "2024-06-30")
    january = team_month(result, "north", "2024-01")
    # L1 and L2 are one person, of January's owner ann, who was in north; L5's own deal was lost
    assert january["leads_created"] == 5
    # L1/L2 bought on 10 February, L3 90 days later, L6 92 days later, L4 was converted before it was created
    assert (january["lead_conversion_rate_numerator"], january["lead_conversion_rate"]) == (2, 0.4)
    assert january["lead_conversion_rate_low"] == pytest.approx(0.1176, abs=1e-4)
    assert january["lead_conversion_rate_high"] == pytest.approx(0.7693, abs=1e-4)
    assert january["period_conversion_rate"] == 0
    # the conversion counts for the team of the conversion date
    assert team_month(result, "south", "2024-02")["leads_converted"] == 1
    assert team_month(result, "south", "2024-04")["leads_converted"] == 2
    assert team_month(result, "south", "2024-02")["lead_conversion_rate"] is None


def test_a_month_of_leads_is_known_once_all_had_their_days(tmp_path: Path) -> None:
    assert team_month(people(tmp_path, "2024-04-29"), "north", "2024-01")["lead_conversion_rate"] is None
    assert team_month(people(tmp_path, "2024-04-30"), "north", "2024-01")["lead_conversion_rate"] is not None


def test_money_in_another_currency(tmp_path: Path) -> None:
    write_folder(
        tmp_path,
        exchange_rates="""
            rate_date currency rate
            2024-01-10 USD 0.9
            2024-01-20 USD 0.8
        """,
        products="""
            product_id unit_cost currency
            p 3 USD
        """,
        orders="""
            order_id ordered_at rep_id status currency account_id
            early 2024-01-09T10:00 ann completed USD A
            o1 2024-01-15T10:00 ann completed USD A
        """,
        order_lines="""
            order_line_id order_id product_id quantity unit_price list_price discount_amount line_amount unit_cost
            l0 early - 1 10 - - - -
            l1 o1 p 3 10 12 1 - -
            l2 o1 - 1 - - 2 20 -
        """,
        returns="""
            return_id order_id order_line_id returned_at quantity refund_amount
            r1 o1 - 2024-01-21T10:00 2 10
        """,
    )
    result = compute(tmp_path)
    early = rep_day(result, "ann", "2024-01-09")
    assert (early["sales_count"], early["basket_count"], early["units_sold"]) == (1, 0, 1)
    assert (early["sold_amount"], early["net_revenue"], early["gross_margin"]) == (None, None, None)
    assert (early["returned_amount"], early["month_to_date_net_revenue"]) == (0, None)
    day = rep_day(result, "ann", "2024-01-15")
    assert (day["gross_revenue"], day["sold_amount"]) == (Decimal("52.2"), Decimal("44.1"))  # (36 + 22), (29 + 20)
    assert (day["discount_amount"], day["units_sold"]) == (Decimal("8.1"), 4)
    assert (day["cost_of_goods"], day["gross_margin"]) == (Decimal("8.1"), Decimal("18"))  # 26.1 − 8.1
    assert day["gross_margin_rate"] == pytest.approx(18 / 26.1)
    back = rep_day(result, "ann", "2024-01-21")
    assert back["returned_amount"] == 8
    # 29/49 of 8 and of 2 units are line l1's: 4.7346 and 1.1836 units of 3, 8.1 × 1.1836 / 3 = 3.19572
    assert back["cost_of_goods"] == Decimal("-3.1957")
    assert back["gross_margin"] == Decimal("-4.7346") + Decimal("3.1957")


def test_returns_never_reverse_more_than_the_cost(tmp_path: Path) -> None:
    write_folder(
        tmp_path,
        orders="""
            order_id ordered_at rep_id status
            o1 2024-01-15T10:00 ann completed
        """,
        order_lines=f"""
            {LINES}
            l1 o1 3 10 3.3333
        """,
        returns="""
            return_id order_id order_line_id returned_at quantity refund_amount
            r3 o1 l1 2024-01-18T10:00 1 10
            r1 o1 l1 2024-01-16T10:00 1 10
            r2 o1 l1 2024-01-17T10:00 2 10
            r0 o1 l1 2024-01-17T11:00 - 10
        """,
    )
    result = compute(tmp_path)
    costs = [rep_day(result, "ann", f"2024-01-{day}")["cost_of_goods"] for day in (15, 16, 17, 18)]
    assert costs == [Decimal("9.9999"), Decimal("-3.3333"), Decimal("-6.6666"), 0]


def test_targets_paces_and_ranks(tmp_path: Path) -> None:
    write_folder(
        tmp_path,
        teams="""
            team_id region
            north FR
            south -
            west -
        """,
        reps="""
            rep_id team_id hired_on
            ann north 2024-01-01
            bob south 2024-01-01
        """,
        holidays="""
            holiday_date region
            2024-01-01 -
            2024-02-07 FR
        """,
        targets="""
            target_month entity_type entity_id metric target_value
            2024-01-01 rep ann net_revenue 200
            2024-02-01 rep ann net_revenue 210
            2024-02-01 rep ann sales_count 5
            2024-01-01 team south net_revenue 50
            2024-01-01 rep bob net_revenue 999
        """,
        orders="""
            order_id ordered_at rep_id status
            o1 2024-01-02T10:00 ann completed
            o2 2024-01-02T10:00 bob completed
            o3 2024-02-08T10:00 ann completed
        """,
        order_lines=f"""
            {LINES}
            l1 o1 1 100 -
            l2 o2 1 100 -
            l3 o3 1 30 -
        """,
    )
    result = compute(tmp_path)
    january = {team: team_month(result, team, "2024-01") for team in ("north", "south", "west", "unassigned")}
    assert [january[t]["net_revenue_rank"] for t in january] == [1, 1, 3, None]
    assert [january[t]["attainment_rank"] for t in january] == [2, 1, None, None]
    assert [january[t]["target"] for t in january] == [200, 50, None, None]
    assert january["north"]["pace_rate"] == 0.5
    february = team_month(result, "north", "2024-02")
    # as of 8 February: 5 of 20 working days, the 7th is a holiday in the team's region
    assert february["pace_rate"] == pytest.approx(30 / (210 * 5 / 20))
    assert february["net_revenue_growth_mom"] is None
    # 5 working days of January end on the 8th
    assert february["net_revenue_growth_mom_to_date"] == pytest.approx(-0.7)
    day = rep_day(result, "ann", "2024-01-02")
    assert (day["month_to_date_net_revenue"], day["month_target"], day["attainment_rate"]) == (100, 200, 0.5)
    assert day["pace_rate"] == pytest.approx(100 / (200 / 22))
    assert rep_day(result, "ann", "2024-01-01")["pace_rate"] is None
    assert rep_day(result, "ann", "2024-01-01")["is_working_day"] is False


def test_cohorts(tmp_path: Path) -> None:
    write_folder(
        tmp_path,
        accounts="""
            account_id segment acquisition_channel owner_rep_id merged_into_account_id
            A smb referral ann -
            B - - - -
            C smb seo ann A
        """,
        reps="""
            rep_id team_id
            ann north
        """,
        orders="""
            order_id ordered_at account_id status
            o1 2024-01-05T10:00 C completed
            o2 2024-01-06T10:00 B completed
            o3 2024-02-06T10:00 A completed
            o4 2024-03-06T10:00 D completed
        """,
        order_lines=f"""
            {LINES}
            l1 o1 1 10 4
            l2 o2 1 20 -
            l3 o3 1 5 1
        """,
        returns="""
            return_id order_id order_line_id returned_at quantity refund_amount
            r1 o1 l1 2024-02-20T10:00 1 10
        """,
    )
    result = compute(tmp_path)

    def cell(cohort: str, name: str, value: str, age: int) -> dict[str, object]:
        return dict(
            one(
                result.cohorts,
                cohort_month=f"{cohort}-01",
                dimension_name=name,
                dimension_value=value,
                months_since_first_purchase=age,
            )
        )

    first, second, third = (cell("2024-01", "all", "all", age) for age in (0, 1, 2))
    assert (first["cohort_size"], first["retention_rate"], first["net_revenue"]) == (2, 1.0, 30)
    assert (first["gross_margin"], first["cumulative_margin_per_customer"]) == (6, 3.0)
    assert (second["active_customers"], second["net_revenue"], second["gross_margin"]) == (1, -5, -2)
    assert second["revenue_retention_rate"] == pytest.approx(-5 / 30)
    assert second["cumulative_margin_per_customer"] == 2.0
    assert (third["is_complete"], third["cohort_size"], third["active_customers"]) == (False, 2, None)
    assert cell("2024-01", "segment", "unknown", 0)["gross_margin"] is None
    assert cell("2024-01", "channel", "referral", 0)["cohort_size"] == 1
    assert cell("2024-01", "team", "north", 0)["cohort_size"] == 1
    assert cell("2024-01", "team", "unassigned", 1)["gross_margin"] == 0
    assert cell("2024-03", "all", "all", 0)["retention_rate"] is None
    # the owner of the surviving account credits an order without rep
    assert rep_day(result, "ann", "2024-01-05")["sales_count"] == 1
    assert len(result.cohorts) == 3 * 7 + 4


def test_won_deals_are_the_sales_where_no_order_is_supplied(tmp_path: Path) -> None:
    write_folder(
        tmp_path,
        opportunities="""
            opportunity_id created_at owner_rep_id stage close_date amount list_amount
            d1 2024-01-02 ann won 2024-01-10 90 100
            d2 2024-01-02 ann won 2024-01-10 - -
        """,
    )
    day = rep_day(compute(tmp_path), "ann", "2024-01-10")
    assert (day["sales_count"], day["basket_count"], day["net_revenue"], day["discount_amount"]) == (2, 1, 90, 10)
    assert (day["units_sold"], day["gross_margin"], day["returned_amount"]) == (None, None, None)


def test_a_table_that_is_not_supplied_is_null_and_an_empty_one_is_0(tmp_path: Path) -> None:
    write_folder(
        tmp_path,
        activities="""
            activity_id rep_id activity_type started_at
            a1 ann call 2024-01-02
        """,
    )
    (tmp_path / "leads.csv").write_text("lead_id,created_at\n", encoding="utf-8")
    day = rep_day(compute(tmp_path), "ann", "2024-01-02")
    assert (day["leads_created"], day["opportunities_won"], day["sales_count"]) == (0, None, None)
    assert day["call_seconds"] is None


def test_allocate_adds_up_and_rounds_towards_zero() -> None:
    third = [Decimal(1)] * 3
    assert allocate(Decimal(10), third) == [Decimal("3.3333"), Decimal("3.3333"), Decimal("3.3334")]
    assert allocate(Decimal(-10), third) == [Decimal("-3.3333"), Decimal("-3.3333"), Decimal("-3.3334")]
    assert allocate(Decimal(1), [Decimal(-5), Decimal(1)]) == [0, 1]
    assert allocate(Decimal(1), [Decimal(0), Decimal(-1)]) == [Decimal("0.5"), Decimal("0.5")]


def test_wilson() -> None:
    low, high = wilson(81, 263)  # the worked example of Newcombe (1998)
    assert low == pytest.approx(0.2553, abs=1e-4)
    assert high == pytest.approx(0.3662, abs=1e-4)
    assert wilson(0, 0) == (None, None)
