"""The mart `rep_scorecards`: each step of a rep's work, from activities to the basket."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from .clock import add_months, days, first_of_month, last_of_month
from .entities import Entities, Entity
from .parts import Cell
from .periods import Period
from .settings import UNASSIGNED
from .world import World

LEAST_PEERS = 5
WORKING_DAYS = "activities_per_working_day"
# M42: “each over the one before, so that a step at the median changes revenue by its ratio to the rep's own”
STEPS: dict[str, tuple[str, str]] = {
    "activities": ("activities", "working_days"),
    "leads": ("leads_created", "activities"),
    "meetings": ("held_meetings", "leads_created"),
    "deals": ("opportunities_created", "held_meetings"),
    "wins": ("opportunities_won", "opportunities_closed"),
    "basket": ("basket_amount", "basket_count"),
}


class Scorecards:
    def __init__(self, world: World, entities: Entities) -> None:
        self._world, self._entities = world, entities

    def _numbers(self, rep: str, month: date) -> dict[str, Decimal | None]:
        measures = self._world.measures
        cell = self._entities.cell(Entity("rep", rep), Period("month", month))
        sums = measures.additive(cell)
        won, lost = sums["opportunities_won"], sums["opportunities_lost"]
        return {
            "working_days": Decimal(self._working_days(rep, month)),
            "activities": cell["activities"] if measures.has_activities else None,
            "leads_created": sums["leads_created"],
            "held_meetings": sums["held_meetings"],
            "opportunities_created": sums["opportunities_created"],
            "opportunities_won": won,
            "opportunities_closed": None if won is None else won + lost,
            "basket_amount": cell["basket_amount"] if measures.has_money else None,
            "basket_count": sums["basket_count"],
            "net_revenue": sums["net_revenue"],
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

    def rows(self) -> list[dict[str, Any]]:
        return []


