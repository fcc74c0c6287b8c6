"""Targets of net revenue."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from .arithmetic import Number, Rates, ratio
from .clock import Calendar, last_of_month
from .parts import scaled
from .teams import Organisation, Tables


class Targets:
    """The columns `target`, `attainment_rate`, `pace_rate` of marts are net_revenue's."""

    def __init__(self, tables: Tables, rates: Rates, organisation: Organisation, as_of: date) -> None:
        self._organisation, self._as_of = organisation, as_of
        self._targets: dict[tuple[str, str, date], Decimal | None] = {}
        for row in tables["targets"].rows:
            if row["metric"] == "net_revenue":
                month = row["target_month"]
                # G1 of the decisions: "converted at the rate on its first day for money metrics"
                amount = rates.convert(row["target_value"], row["currency"], month)
                self._targets[(row["entity_type"], row["entity_id"], month)] = amount

    def of_rep(self, rep: str, month: date) -> Decimal | None:
        return self._targets.get(("rep", rep, month))

    def of_team(self, team: str, month: date) -> Decimal | None:
        """“Team: its own row, else Σ its reps' (a rep's target belongs to the team on the month's last day)”.

        Of an open month the last day that is known is the as-of date. M46 of the decisions: a row of its own
        that no rate converts is unknown, and the reps' do not stand in for it.
        """
        own = ("team", team, month)
        if own in self._targets:
            return self._targets[own]
        last = min(last_of_month(month), self._as_of)
        amounts = [
            amount
            for (kind, rep, of_month), amount in self._targets.items()
            if kind == "rep" and of_month == month and amount is not None
            if self._organisation.team_of(rep, last) == team
        ]
        return sum(amounts, Decimal(0)) if amounts else None


def attainment_rate(actual: Number | None, target: Decimal | None) -> float | None:
    """“actual of the target's metric / target. No target: NULL”."""
    return ratio(actual, target)


def pace_rate(
    actual: Number | None, target: Decimal | None, calendar: Calendar, month: date, day: date, region: str | None
) -> float | None:
    """“actual to date / (target × elapsed working days / working days)”."""
    elapsed = calendar.elapsed_working_days(min(day, last_of_month(month)), region)
    return ratio(actual, scaled(target, elapsed, len(calendar.working_days(month, region))))
