"""Targets, what is reached of them, and the pace."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from .arithmetic import Number, Rates, ratio
from .clock import Calendar, last_of_month
from .parts import scaled
from .periods import Period
from .teams import Organisation, Tables

NET_REVENUE = "net_revenue"
# G1 of the decisions: money metrics are converted “at the rate on its first day”
_MONEY = ("_revenue", "_amount", "_margin", "_mrr")
_MONEY_STATES = ("mrr", "arr", "open_pipeline")
STATES = ("mrr", "open_pipeline")  # M49: “states do not add up”


class Targets:
    """The columns `target`, `attainment_rate`, `pace_rate` of marts are net_revenue's."""

    def __init__(self, tables: Tables, rates: Rates, organisation: Organisation, as_of: date) -> None:
        self._organisation, self._as_of = organisation, as_of
        self._targets: dict[tuple[str, str, date, str], Decimal | None] = {}
        self._of_month: dict[tuple[str, date, str], dict[str, Decimal | None]] = {}
        for row in tables["targets"].rows:
            month, metric = row["target_month"], row["metric"]
            amount = row["target_value"]
            if metric.endswith(_MONEY) or metric in _MONEY_STATES:
                amount = rates.convert(amount, row["currency"], month)
            self._targets[(row["entity_type"], row["entity_id"], month, metric)] = amount
            self._of_month.setdefault((row["entity_type"], month, metric), {})[row["entity_id"]] = amount

    def metrics(self) -> set[str]:
        return {metric for _, _, _, metric in self._targets}

    def of_rep(self, rep: str, month: date, metric: str = NET_REVENUE) -> Decimal | None:
        return self._targets.get(("rep", rep, month, metric))

    def of_team(self, team: str, month: date, metric: str = NET_REVENUE) -> Decimal | None:
        """“Team: its own row, else Σ its reps' (a rep's target belongs to the team on the month's last day)”.

        Of an open month the last day that is known is the as-of date. M46 of the decisions: a row of its own
        that no rate converts is unknown, and the reps' do not stand in for it.
        """
        own = ("team", team, month, metric)
        if own in self._targets:
            return self._targets[own]
        last = min(last_of_month(month), self._as_of)
        return _sum(
            amount
            for rep, amount in self._of_month.get(("rep", month, metric), {}).items()
            if self._organisation.team_of(rep, last) == team
        )

    def of_company(self, month: date, metric: str = NET_REVENUE) -> Decimal | None:
        """“company: its own, else Σ teams'”."""
        own = ("company", "company", month, metric)
        if own in self._targets:
            return self._targets[own]
        return _sum(self.of_team(team, month, metric) for team in self._organisation.teams)

    def of_period(self, grain: str, entity: str, period: Period, metric: str = NET_REVENUE) -> Decimal | None:
        """“Quarter, year: Σ months, any month missing: NULL”; M49: of a state “that of its last month”."""
        months = period.months()[-1:] if metric in STATES else period.months()
        amounts = []
        for month in months:
            if grain == "company":
                amounts.append(self.of_company(month, metric))
            else:
                of = self.of_team if grain == "team" else self.of_rep
                amounts.append(of(entity, month, metric))
        known = [amount for amount in amounts if amount is not None]
        return sum(known, Decimal(0)) if len(known) == len(amounts) else None


def _sum(amounts: Iterable[Decimal | None]) -> Decimal | None:
    known = [amount for amount in amounts if amount is not None]
    return sum(known, Decimal(0)) if known else None


def attainment_rate(actual: Number | None, target: Decimal | None) -> float | None:
    """“actual of the target's metric / target. No target: NULL”."""
    return ratio(actual, target)


def due_by(target: Decimal | None, calendar: Calendar, period: Period, day: date, region: str | None) -> Number | None:
    """“target × elapsed working days / working days”: what the target asks for by a day."""
    working = [on for month in period.months() for on in calendar.working_days(month, region)]
    return scaled(target, sum(1 for on in working if on <= day), len(working))
