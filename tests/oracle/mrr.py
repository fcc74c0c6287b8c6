"""Recurring revenue and how it moves: the marts `mrr_movements` and `mrr_monthly`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from .clock import ONE_DAY, first_of_month, last_of_month
from .kpi import NOTHING, Kpi, Kpis, quotient
from .parts import Cell
from .periods import Period
from .subscriptions import Subscription
from .world import World

MOVEMENTS = ("new_mrr", "expansion_mrr", "contraction_mrr", "churned_mrr", "reactivation_mrr", "fx_mrr")
STATES = ("opening_mrr", "mrr")


@dataclass(frozen=True)
class Movement:
    """A customer in a month: opening + movements = closing."""

    month: date
    customer: str
    amounts: Mapping[str, Decimal]
    is_known: bool
    was_live: bool
    is_live: bool

    def row(self) -> dict[str, Any]:
        names = ("opening_mrr", *MOVEMENTS, "mrr")
        amounts = {name: self.amounts[name] if self.is_known else None for name in names}
        return {
            "month": self.month,
            "customer_id": self.customer,
            **amounts,
            "was_live": self.was_live,
            "is_live": self.is_live,
        }


class Mrr:
    def __init__(self, world: World, subscriptions: list[Subscription]) -> None:
        self._world, self._subscriptions = world, subscriptions
        self.is_supplied = world.has("subscriptions")
        self._first_live = self._first_live_months()
        self._of_month: dict[date, list[Movement]] = {month: self._month(month) for month in world.calendar.months()}

    def _closing_day(self, month: date) -> date:
        """“live at month end, in the open month at as_of_date”."""
        return min(last_of_month(month), self._world.calendar.as_of)

    def _first_live_months(self) -> dict[str, date]:
        """M21: “new in the first month at whose end the customer is live”, also before the calendar."""
        first: dict[str, date] = {}
        for subscription in self._subscriptions:
            if subscription.mrr <= 0:
                continue
            month = first_of_month(subscription.started_on)
            if subscription.is_live(self._closing_day(month)):
                first[subscription.customer] = min(month, first.get(subscription.customer, month))
        return first

    def _month(self, month: date) -> list[Movement]:
        opening_day, closing_day = month - ONE_DAY, self._closing_day(month)
        of_customer: defaultdict[str, list[Subscription]] = defaultdict(list)
        for subscription in self._subscriptions:
            if subscription.is_live(opening_day) or subscription.is_live(closing_day):
                of_customer[subscription.customer].append(subscription)
        found = [
            self._movement(month, customer, subscriptions, opening_day, closing_day)
            for customer, subscriptions in sorted(of_customer.items())
        ]
        return [movement for movement in found if movement.was_live or movement.is_live]  # M20

    def _movement(
        self, month: date, customer: str, subscriptions: list[Subscription], opening_day: date, closing_day: date
    ) -> Movement:
        """“fx_mrr … taken out first; then churn and reactivation are decided before contraction and expansion”."""
        convert = self._world.rates.convert
        before = [s for s in subscriptions if s.is_live(opening_day)]
        after = [s for s in subscriptions if s.is_live(closing_day)]
        openings = [convert(s.mrr, s.currency, opening_day) for s in before]
        revalued = [convert(s.mrr, s.currency, closing_day) for s in before]  # M22
        closings = [convert(s.mrr, s.currency, closing_day) for s in after]
        opening, closing = _sum(openings), _sum(closings)
        fx = _sum(revalued) - opening
        amounts = dict.fromkeys(MOVEMENTS, Decimal(0)) | {"opening_mrr": opening, "mrr": closing, "fx_mrr": fx}
        was_live, is_live = any(s.mrr > 0 for s in before), any(s.mrr > 0 for s in after)
        change = closing - opening - fx
        amounts[self._kind(month, customer, was_live, is_live, change)] = change
        is_known = any(amount is not None for amount in [*openings, *revalued, *closings])
        return Movement(month, customer, amounts, is_known, was_live, is_live)

    def _kind(self, month: date, customer: str, was_live: bool, is_live: bool, change: Decimal) -> str:
        if was_live and not is_live:
            return "churned_mrr"
        if is_live and not was_live:
            return "new_mrr" if self._first_live[customer] == month else "reactivation_mrr"
        return "expansion_mrr" if change > 0 else "contraction_mrr"

    # ---- the marts ---------------------------------------------------------------------------------------------------

    def movements(self) -> list[dict[str, Any]]:
        return [movement.row() for movements in self._of_month.values() for movement in movements]

    def kpis(self, period: Period) -> Kpis:
        """M48: “the movements themselves are the sums of all”, nrr and grr those of who was there at the start."""
        if not self.is_supplied:
            return dict.fromkeys(("mrr", "arr", "customers", "opening_mrr", *MOVEMENTS, "nrr", "grr"), NOTHING)
        months = self._world.periods.months(period)
        everybody = [movement for month in months for movement in self._of_month[month]]
        opening = _total((m for m in self._of_month[months[0]]), "opening_mrr")
        closing = _total((m for m in self._of_month[months[-1]]), "mrr")
        there = {movement.customer for movement in self._of_month[months[0]] if movement.was_live}
        theirs = [movement for movement in everybody if movement.customer in there]
        net = _plus(opening, *(_total(theirs, name) for name in ("expansion_mrr", "contraction_mrr", "churned_mrr")))
        gross = _plus(opening, *(_total(theirs, name) for name in ("contraction_mrr", "churned_mrr")))
        return {
            "mrr": Kpi(closing),
            "arr": Kpi(closing).times(12),
            "customers": Kpi(sum(1 for movement in self._of_month[months[-1]] if movement.is_live)),
            "opening_mrr": Kpi(opening),
            **{name: Kpi(_total(everybody, name)) for name in MOVEMENTS},
            "nrr": quotient(net, opening),
            "grr": quotient(gross, opening),
        }

    def of_customer(self, customer: str) -> Decimal | None:
        """The mrr of a customer on the as-of date."""
        if not self.is_supplied:
            return None
        last = self._of_month[self._world.calendar.months()[-1]]
        found = [movement for movement in last if movement.customer == customer and movement.is_live]
        return found[0].row()["mrr"] if found else Decimal(0)


def _sum(amounts: Iterable[Decimal | None]) -> Decimal:
    return sum((amount for amount in amounts if amount is not None), Decimal(0))


def _total(movements: Iterable[Movement], name: str) -> Decimal | None:
    """M7: a sum skips unknown amounts, and is NULL where it had rows but none with a known amount."""
    cell = Cell()
    for movement in movements:
        cell.add_money("amount", movement.amounts[name] if movement.is_known else None)
    return cell.money("amount")


def _plus(*amounts: Decimal | None) -> Decimal | None:
    """Opening plus movements, unknown where the opening is; a NULL term counts 0."""
    return None if amounts[0] is None else _sum(amounts)
