"""How the marts answer to one change of the data."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from tests.harness.compiled import Compiled
from tests.harness.warehouse import Warehouse
from tests.oracle.random_folder import ACCOUNTS, REPS, TEAMS

from .folders import Tables, build, raw_tables

FOREIGN = ("USD", "GBP", "CHF")  # the reporting currency is EUR
Values = dict[tuple[Any, ...], Any]


def values_of(warehouse: Warehouse, condition: str = "true") -> Values:
    """Metric, grain, entity and period -> value."""
    rows = warehouse.connection.execute(
        "select metric, grain, entity_id, period_type, period_start, value from kpis.kpi_values"
        f" inner join core.dim_kpis using (metric) where {condition}"
    ).fetchall()
    return {row[:-1]: row[-1] for row in rows}


@given(
    tables=raw_tables(),
    day=st.dates(date(2024, 1, 10), date(2024, 6, 1)),
    rep=st.sampled_from(REPS),
    account=st.sampled_from(ACCOUNTS),
)
def test_a_lost_deal_never_raises_a_win_rate(
    compiled: Compiled, tables: Tables, day: date, rep: str, account: str
) -> None:
    lost = {"opportunity_id": "one more", "owner_rep_id": rep, "account_id": account, "stage": "perdu"}
    lost |= dict.fromkeys(("created_at", "updated_at", "close_date"), day.isoformat())
    more = {**tables, "opportunities": [*tables["opportunities"], {**lost, "is_closed": "true", "is_won": "false"}]}
    with build(compiled, tables) as before, build(compiled, more) as after:
        lost_deals = (
            values_of(before, "metric = 'opportunities_lost'"),
            values_of(after, "metric = 'opportunities_lost'"),
        )
        for metric in ("win_rate", "win_rate_value"):
            rates = values_of(before, f"metric = '{metric}'"), values_of(after, f"metric = '{metric}'")
            raised = {key for key, rate in rates[1].items() if rate is not None and rate > (rates[0].get(key) or 0.0)}
            # a rate of no deal at all was NULL; with the one lost deal it is 0
            assert not raised
        assert values_of(before, "unit = 'money' and needs = 'sales'").items() <= values_of(after).items()
        grown = [key for key, count in lost_deals[1].items() if count != lost_deals[0].get(key)]
        assert {key[1] for key in grown} == {"company", "team", "rep"}, "the deal does not count"


@given(tables=raw_tables(), choice=st.integers(0, 2**16), team=st.sampled_from(TEAMS))
def test_a_new_team_today_changes_no_earlier_day(compiled: Compiled, tables: Tables, choice: int, team: str) -> None:
    """Of reps who have memberships: the first one of a rep speaks for the days before it too (G9)."""
    with build(compiled, tables) as before:
        (today,) = before.connection.execute("select as_of_date from staging.stg_run__clock").fetchone() or ()
        reps = before.connection.execute(
            "select distinct rep_id, team_id from core.dim_rep_teams where valid_from < $1 and valid_to > $1"
            " and rep_id in (select rep_id from staging.stg_crm__team_memberships where valid_from < $1) order by all",
            [today],
        ).fetchall()
        assume(reps)
        rep, team_before = reps[choice % len(reps)]
        assume(team != team_before)
        # what is given back before it is sold goes to the team of the sale's day
        returns = "select count(*) from core.fct_returns where returned_date < sale_date and sale_date >= ?"
        assume(before.connection.execute(returns, [today]).fetchone() == (0,))
        # a team that nothing else names would come with rows of its own, also for earlier months
        assume((team,) in before.connection.execute("select team_id from core.dim_teams").fetchall())
        moved = {"rep_id": rep, "valid_from": today.isoformat(), "team_id": team, "valid_to": ""}
        with build(compiled, {**tables, "team_memberships": [*tables["team_memberships"], moved]}) as after:
            assert _team_on(after, rep, today) == team
            month = today.replace(day=1)
            for mart, day, end in [
                ("rep_daily_kpis", "date_day", today),
                ("team_monthly_kpis", "month", month),  # of the running month today's part moves
                ("company_monthly_kpis", "month", month),
            ]:
                rows = [
                    one.connection.execute(f"from kpis.{mart} where {day} < '{end}' order by all").fetchall()
                    for one in (before, after)
                ]
                assert rows[0] == rows[1], mart


def _team_on(warehouse: Warehouse, rep: str, day: date) -> str | None:
    found = warehouse.connection.execute(
        "select team_id from core.dim_rep_teams where rep_id = ? and valid_from <= ? and valid_to > ?",
        [rep, day, day],
    ).fetchone()
    return found[0] if found else None


@given(tables=raw_tables(), factor=st.sampled_from([2, 10]), currency=st.sampled_from(FOREIGN))
def test_scaled_exchange_rates_scale_money_and_nothing_else(
    compiled: Compiled, tables: Tables, factor: int, currency: str
) -> None:
    """Every amount is foreign, and there is one rate, from the first day on. Converted amounts are rounded."""
    foreign = {
        name: [{**row, "currency": currency} if "currency" in row else row for row in rows]
        for name, rows in tables.items()
    }
    # who has a share of 0 may be the last one of a deal, who takes what rounding leaves: that does not scale
    foreign["opportunity_splits"] = [row for row in foreign["opportunity_splits"] if row["share"].strip() != "0"]
    first = {"rate_date": "2020-01-01", "currency": currency}
    with (
        build(compiled, {**foreign, "exchange_rates": [{**first, "rate": "1"}]}) as before,
        build(compiled, {**foreign, "exchange_rates": [{**first, "rate": str(factor)}]}) as after,
    ):
        other = values_of(after, "true")
        assert values_of(before, "true").keys() == other.keys()
        # a tenth of a folder may have no sale
        assume(any(value for key, value in other.items() if key[0] == "net_revenue"))
        for condition, scale, rounding in (
            # an effect multiplies by quotients of sums, of which returns may leave some ten-thousandths
            ("unit = 'money' and metric not like '%_effect'", factor, 0.05),
            ("unit in ('rate', 'months')", 1, 1e-3),  # the parts of many are money
            ("unit not in ('money', 'rate', 'months')", 1, 1e-9),
        ):
            one = values_of(before, condition)
            pairs = {key: (value, other[key]) for key, value in one.items()}
            wrong = {key: pair for key, pair in pairs.items() if not _is_scaled(*pair, scale, rounding)}
            assert not wrong, dict(list(wrong.items())[:10])


def _is_scaled(value: Any, other: Any, factor: int, rounding: float) -> bool:
    if value is None or other is None:
        return value is None and other is None
    return math.isclose(float(other), float(value) * factor, rel_tol=min(1e-3, rounding), abs_tol=rounding)
