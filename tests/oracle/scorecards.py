"""The mart `rep_scorecards`: each step of a rep's work, from activities to the basket."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from .arithmetic import half_up_fraction, ratio
from .clock import add_months, days, last_of_month
from .entities import Entities, Entity
from .kpi import exact_median
from .periods import Period
from .settings import UNASSIGNED
from .world import World

Number = Decimal | int | None

LEAST_PEERS = 5
STRENGTH_FROM, FOCUS_TO = Fraction(3, 4), Fraction(1, 4)
# M42: “each over the one before, so that a step at the median changes revenue by its ratio to the rep's own”
STEPS: dict[str, tuple[str, str]] = {
    "activities": ("activities", "working_days"),
    "leads": ("leads_created", "activities"),
    "meetings": ("held_meetings", "leads_created"),
    "deals": ("opportunities_created", "held_meetings"),
    "wins": ("opportunities_won", "opportunities_closed"),
    "basket": ("basket_amount", "basket_count"),
}


@dataclass(frozen=True)
class Step:
    """What a rep did in a step in a month."""

    rep: str
    numerator: Number
    denominator: Number
    revenue: Number

    @property
    def rate(self) -> Fraction | None:
        if self.numerator is None or not self.denominator:
            return None
        return Fraction(self.numerator) / Fraction(self.denominator)


class Scorecards:
    def __init__(self, world: World, entities: Entities) -> None:
        self._world, self._entities = world, entities
        self._known: dict[tuple[str, date], dict[str, Number]] = {}

    # ---- what a rep did ----------------------------------------------------------------------------------------------

    def _numbers(self, rep: str, month: date) -> dict[str, Number]:
        if (rep, month) not in self._known:
            self._known[(rep, month)] = self._count(rep, month)
        return self._known[(rep, month)]

    def _count(self, rep: str, month: date) -> dict[str, Number]:
        measures = self._world.measures
        cell = self._entities.cell(Entity("rep", rep), Period("month", month))
        sums = measures.additive(cell)
        return {
            "working_days": self._working_days(rep, month),
            "activities": cell["activities"] if measures.has_activities else None,
            "leads_created": sums["leads_created"],
            "held_meetings": sums["held_meetings"],
            "opportunities_created": sums["opportunities_created"],
            "opportunities_won": sums["opportunities_won"],
            "opportunities_closed": measures.closed(cell),
            "basket_amount": measures.basket_amount(cell),
            "basket_count": sums["basket_count"],
        }

    def _working_days(self, rep: str, month: date) -> int:
        """The working days on which the rep was employed."""
        calendar, organisation = self._world.calendar, self._world.organisation
        life = self._entities.lives[rep]
        return sum(
            1
            for day in days(month, min(last_of_month(month), calendar.as_of))
            if life.is_employed(day)
            and calendar.is_working_day(day, organisation.teams[organisation.team_of(rep, day)].region)
        )

    def _step(self, rep: str, month: date, step: str) -> Step:
        numbers, (numerator, denominator) = self._numbers(rep, month), STEPS[step]
        return Step(rep, numbers[numerator], numbers[denominator], numbers["basket_amount"])

    # ---- peers -------------------------------------------------------------------------------------------------------

    def _is_peer(self, step: Step, name: str) -> bool:
        """M43: “a rate of at least `low_n_threshold` cases (working days are no cases)”."""
        enough = name == "activities" or (step.denominator or 0) >= self._world.settings.low_n_threshold
        return step.rate is not None and enough

    def rows(self) -> list[dict[str, Any]]:
        rows = []
        for month in self._world.calendar.months():
            reps = [rep for rep in sorted(self._entities.lives) if rep != UNASSIGNED and self._is_there(rep, month)]
            for name in STEPS:
                steps = [self._step(rep, month, name) for rep in reps]
                is_complete = self._world.calendar.is_complete(month)
                peers = [step for step in steps if is_complete and self._is_peer(step, name)]
                rows += [self._row(month, name, step, peers) for step in steps]
        return rows

    def _is_there(self, rep: str, month: date) -> bool:
        """Whether the rep is employed on a day of the month."""
        life = self._entities.lives[rep]
        return any(life.is_employed(day) for day in days(month, min(last_of_month(month), self._world.calendar.as_of)))

    def _row(self, month: date, name: str, step: Step, peers: list[Step]) -> dict[str, Any]:
        rates = [peer.rate for peer in peers if peer.rate is not None]
        middle = exact_median(rates) if len(rates) >= LEAST_PEERS else None
        percentile = _percentile(step, peers) if middle is not None else None
        trailing = self._trailing_rate(step.rep, month, name)
        rate = None if step.rate is None else float(step.rate)
        return {
            "rep_id": step.rep,
            "month": month,
            "step": name,
            "numerator": step.numerator,
            "denominator": step.denominator,
            "rate": rate,
            "peers": len(peers),
            "percentile": None if percentile is None else float(percentile),
            "peer_median": None if middle is None else float(middle),
            "trailing_rate": trailing,
            "trend": None if rate is None or not trailing else (rate - trailing) / trailing,
            "flag": None if percentile is None else _flag(percentile, step, middle),
            "effect_amount": None if percentile is None else _effect(step, middle),
        }

    def _trailing_rate(self, rep: str, month: date, name: str) -> float | None:
        """“trend against the rep's own trailing 3 months”: those before the month."""
        earlier = [add_months(month, -age) for age in (1, 2, 3)]
        months = [one for one in earlier if one >= self._world.calendar.first_day and self._is_there(rep, one)]
        steps = [self._step(rep, one, name) for one in months]
        return ratio(_sum(step.numerator for step in steps), _sum(step.denominator for step in steps))


def _sum(numbers: Iterable[Number]) -> Decimal | None:
    known = [Decimal(number) for number in numbers if number is not None]
    return sum(known, Decimal(0)) if known else None


def _percentile(step: Step, peers: list[Step]) -> Fraction | None:
    """“percentile among ≥ 5 peers”: the share of the other peers who do worse."""
    if step not in peers or step.rate is None:
        return None
    worse = sum(1 for peer in peers if peer.rate is not None and peer.rate < step.rate)
    return Fraction(worse, len(peers) - 1)


def _flag(percentile: Fraction, step: Step, middle: Fraction | None) -> str | None:
    """The best and the last quarter; who is at the median is neither."""
    if step.rate is None or middle is None:
        return None
    if percentile >= STRENGTH_FROM and step.rate > middle:
        return "strength"
    return "focus" if percentile <= FOCUS_TO and step.rate < middle else None


def _effect(step: Step, middle: Fraction | None) -> Decimal | None:
    """“the effect in money of reaching the peer median”; who is above it has reached it."""
    if middle is None or step.rate is None or step.rate == 0:
        return None
    if step.rate >= middle:
        return Decimal(0)
    return None if step.revenue is None else half_up_fraction(Fraction(step.revenue) * (middle / step.rate - 1))
