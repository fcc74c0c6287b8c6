"""Open deals on a day: the mart `pipeline_daily`, and what the company's periods show of them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from .arithmetic import half_up_fraction, ratio
from .clock import days
from .deals import Deal, StageChange, stage_changes
from .kpi import NOTHING, Kpi, Kpis, median, quotient, rate
from .parts import Cell
from .periods import Period
from .settings import UNKNOWN
from .world import World


@dataclass(frozen=True)
class OpenDeal:
    """A deal on a day on which it is open."""

    deal: Deal
    team: str
    stage: str
    amount: Decimal | None
    weighted: Decimal | None
    age_days: int | None


class Pipeline:
    def __init__(self, world: World) -> None:
        self._world = world
        as_of = world.calendar.as_of
        self._changes: dict[str, list[StageChange]] = {
            deal: [change for change in changes if change.day <= as_of]
            for deal, changes in stage_changes(world.tables, world.clock).items()
        }
        self._deals = [deal for deal in world.deals.values() if deal.state != "closed_without_date"]
        self._closed_stages = world.settings.won_stages | world.settings.lost_stages
        self._win_rates = self._observed_win_rates()
        self._amounts = {deal.deal_id: self._amount(deal) for deal in self._deals}
        self.is_supplied = world.has("opportunities")

    def _observed_win_rates(self) -> dict[str, Fraction]:
        """M25: “the stage's observed win rate: won / closed deals that passed through it”."""
        won: defaultdict[str, int] = defaultdict(int)
        closed: defaultdict[str, int] = defaultdict(int)
        for deal in self._deals:
            if deal.state in ("won", "lost"):
                for stage in {change.stage for change in self._changes.get(deal.deal_id, [])}:
                    closed[stage] += 1
                    won[stage] += int(deal.state == "won")
        return {stage: Fraction(won[stage], n) for stage, n in closed.items()}

    def _amount(self, deal: Deal) -> Decimal | None:
        """S14: “converted at the rate of its close date, open deals at the as-of date”."""
        return self._world.rates.convert(deal.amount, deal.currency, deal.closed_on or self._world.calendar.as_of)

    def _stage(self, deal: Deal, day: date) -> str:
        """M24: before its first change `unknown`; “without any change an open deal is where it is today”."""
        changes = self._changes.get(deal.deal_id, [])
        if not changes:
            return deal.stage if deal.state == "open" else UNKNOWN
        held = [change for change in changes if change.day <= day]
        return held[-1].stage if held else UNKNOWN

    def _probability(self, deal: Deal, stage: str) -> Fraction | None:
        """M25: “the deal's own only for deals that are open today, else the stage's observed win rate”."""
        if deal.state == "open" and deal.probability is not None:
            return Fraction(deal.probability)
        return self._win_rates.get(stage)

    def _open_deal(self, deal: Deal, day: date) -> OpenDeal:
        stage, amount = self._stage(deal, day), self._amounts[deal.deal_id]
        probability = self._probability(deal, stage)
        weighted = None
        if amount is not None and probability is not None:
            weighted = half_up_fraction(Fraction(amount) * probability)
        return OpenDeal(
            deal=deal,
            team=self._world.organisation.team_of(deal.owner, day),
            stage=stage,
            amount=amount,
            weighted=weighted,
            age_days=None if deal.created_on is None else (day - deal.created_on).days,
        )

    def open_on(self, day: date) -> list[OpenDeal]:
        """M26: “a deal without a creation day is open on every day until it closes”."""
        return [self._open_deal(deal, day) for deal in self._deals if self._is_open(deal, day)]

    def _is_open(self, deal: Deal, day: date) -> bool:
        """The state that was known on the day (T6, T7): a deal in a closed stage was closed, until it was reopened."""
        is_created = deal.created_on is None or deal.created_on <= day
        if not is_created or (deal.closed_on is not None and deal.closed_on <= day):
            return False
        changes = self._changes.get(deal.deal_id, [])
        is_latest = deal.state == "open" and not any(change.day > day for change in changes)
        return is_latest or self._stage(deal, day).strip().lower() not in self._closed_stages

    def rows(self) -> list[dict[str, Any]]:
        """One row per day, team and stage with open deals."""
        rows = []
        for day in days(self._world.calendar.first_day, self._world.calendar.as_of) if self.is_supplied else ():
            groups: defaultdict[tuple[str, str], list[OpenDeal]] = defaultdict(list)
            for found in self.open_on(day):
                groups[(found.team, found.stage)].append(found)
            for (team, stage), deals in groups.items():
                measures = _measures(deals)
                del measures["age_days"]
                rows.append({"date_day": day, "team_id": team, "stage": stage, **measures})
        return rows

    def kpis(self, period: Period) -> Kpis:
        """“open amount (open month: at as_of_date); × probability”."""
        if not self.is_supplied:
            return dict.fromkeys(("open_deals", "open_pipeline", "weighted_pipeline", "average_age_days"), NOTHING)
        found = _measures(self.open_on(self._world.periods.last_day(period)))
        known = found["average_age_days_denominator"]
        return {
            "open_deals": Kpi(found["open_deals"]),
            "open_pipeline": Kpi(found["open_pipeline"]),
            "weighted_pipeline": Kpi(found["weighted_pipeline"]),
            "average_age_days": rate(found["age_days"], known),
        }

    def coverage(self, period: Period, target: Decimal | None, net_revenue: Decimal | None) -> Kpis:
        """M40: “deals open at the period's end that are expected to close by then / (target − net revenue)”.

        “NULL once the target is reached”.
        """
        closing = None
        if self.is_supplied:
            cell = Cell()
            for found in self.open_on(self._world.periods.last_day(period)):
                if found.deal.expected_on is not None and found.deal.expected_on <= period.last:
                    cell.add_money("closing", found.amount)
            closing = cell.money("closing")
        missing = None if target is None or net_revenue is None else target - net_revenue
        reached = missing is not None and missing <= 0
        return {
            "closing_pipeline": Kpi(closing),
            "pipeline_coverage": quotient(closing, None if reached else missing),
        }

    def sales_cycle(self, deals: list[Deal]) -> Kpi:
        """“median of close date − creation's business date, in days, won deals”; M45: NULL where negative."""
        if not self.is_supplied:
            return NOTHING
        cycles = [
            (deal.closed_on - deal.created_on).days
            for deal in deals
            if deal.closed_on is not None and deal.created_on is not None and deal.created_on <= deal.closed_on
        ]
        return Kpi(median(cycles), n=len(cycles))


def _measures(deals: list[OpenDeal]) -> dict[str, Any]:
    cell = Cell()
    ages = [found.age_days for found in deals if found.age_days is not None]
    for found in deals:
        cell.add_money("open_pipeline", found.amount)
        cell.add_money("weighted_pipeline", found.weighted)
    return {
        "open_deals": len(deals),
        "open_pipeline": cell.money("open_pipeline"),
        "weighted_pipeline": cell.money("weighted_pipeline"),
        "average_age_days": ratio(sum(ages), len(ages)),
        "average_age_days_denominator": len(ages),
        "age_days": sum(ages),
    }
