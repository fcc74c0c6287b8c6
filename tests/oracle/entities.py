"""The KPIs that reps, teams and the company have alike, from the same parts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from .arithmetic import Number, growth
from .clock import days, first_of_month
from .deals import Deal
from .kpi import NOTHING, Kpi, Kpis, quotient, rate, share_of_people
from .parts import ADDITIVE, Cell
from .periods import Period
from .rep_daily import lives
from .targets import NET_REVENUE, due_by
from .world import World

COMPANY = "company"


@dataclass(frozen=True)
class Entity:
    grain: str  # 'company', 'team' or 'rep'
    entity_id: str


def company() -> Entity:
    return Entity("company", COMPANY)


class Entities:
    """Sums of parts by entity, and the KPIs that follow from them."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.lives = lives(world.organisation, world.parts)
        self._cells: defaultdict[tuple[Entity, date], Cell] = defaultdict(Cell)  # by month
        self._net_days: defaultdict[tuple[Entity, date], Cell] = defaultdict(Cell)
        for (rep, team, day), cell in world.parts.cells.items():
            for entity in (company(), Entity("team", team), Entity("rep", rep)):
                self._cells[(entity, first_of_month(day))].merge(cell)
                self._net_days[(entity, day)].merge(cell)
        self._staff = self._employed_days()
        self._closed: defaultdict[Entity, list[Deal]] = defaultdict(list)
        for deal in world.deals.values():
            if deal.closed_on is not None and deal.state == "won":
                team = world.organisation.team_of(deal.owner, deal.closed_on)
                for entity in (company(), Entity("team", team), Entity("rep", deal.owner)):
                    self._closed[entity].append(deal)

    def _employed_days(self) -> dict[tuple[Entity, date], dict[str, int]]:
        """C11: the reps employed on a day, and on how many; `unassigned` is not a rep."""
        staff: defaultdict[tuple[Entity, date], defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
        calendar = self._world.calendar
        for rep, life in self.lives.items():
            for day in days(calendar.first_day, calendar.as_of):
                if life.is_employed(day):
                    team = self._world.organisation.team_of(rep, day)
                    for entity in (company(), Entity("team", team), Entity("rep", rep)):
                        staff[(entity, first_of_month(day))][rep] += 1
        return {key: dict(reps) for key, reps in staff.items()}

    # ---- who there is ------------------------------------------------------------------------------------------------

    def of_period(self, period: Period) -> Iterable[Entity]:
        """The company, every team, and each rep with a day in the period."""
        yield company()
        for team in sorted(self._world.organisation.teams):
            yield Entity("team", team)
        for rep in sorted(self.lives):
            spine = self.lives[rep].spine(self._world.calendar)
            if spine is not None and self._overlaps(spine, period):
                yield Entity("rep", rep)

    def _overlaps(self, spine: tuple[date, date], period: Period) -> bool:
        periods = self._world.periods
        return max(spine[0], periods.first_day(period)) <= min(spine[1], periods.last_day(period))

    def region(self, entity: Entity, period: Period) -> str | None:
        """M50: of a rep “those of the region of the team that it is in on its last day there”; T5."""
        if entity.grain == "company":
            return None
        team = entity.entity_id
        if entity.grain == "rep":
            spine = self.lives[entity.entity_id].spine(self._world.calendar)
            last = self._world.periods.last_day(period)
            team = self._world.organisation.team_of(entity.entity_id, min(last, spine[1]) if spine else last)
        return self._world.organisation.teams[team].region

    # ---- sums --------------------------------------------------------------------------------------------------------

    def cell(self, entity: Entity, period: Period) -> Cell:
        cell = Cell()
        for month in self._world.periods.months(period):
            found = self._cells.get((entity, month))
            if found is not None:
                cell.merge(found)
        return cell

    def sums(self, cell: Cell) -> Kpis:
        measures = self._world.measures
        values = measures.additive(cell)
        activities = int(cell["activities"]) if measures.has_activities else None
        return {name: Kpi(values[name]) for name in ADDITIVE} | {"activities": Kpi(activities)}

    # ---- rates -------------------------------------------------------------------------------------------------------

    def win_rates(self, cell: Cell) -> Kpis:
        """“won / (won + lost) of deals closed in the period, by count and by amount”."""
        if not self._world.measures.has_deals:
            return {"win_rate": NOTHING, "win_rate_value": NOTHING}
        won, lost = int(cell["opportunities_won"]), int(cell["opportunities_lost"])
        won_amount, lost_amount = cell.money("won_amount"), cell.money("lost_amount")
        return {
            "win_rate": rate(won, won + lost),
            "win_rate_value": quotient(won_amount, _plus(won_amount, lost_amount)),  # M19
        }

    def call_rates(self, cell: Cell) -> Kpis:
        """Those that connected of all; no call: NULL."""
        if not self._world.measures.has_activities:
            return {"call_connect_rate": NOTHING}
        return {"call_connect_rate": rate(int(cell["connected_calls"]), int(cell["calls"]))}

    def average_minutes(self, cell: Cell) -> Kpis:
        """“Σ duration / count over connected calls / held meetings with a duration > 0”."""
        if not self._world.measures.has_activities:
            return {"average_call_minutes": NOTHING, "average_meeting_minutes": NOTHING}
        return {
            f"average_{kind}_minutes": _in_doubles(
                quotient(Fraction(cell[f"{kind}_average_seconds"]) / 60, int(cell[f"{kind}_average_count"]))
            )
            for kind in ("call", "meeting")
        }

    def sale_rates(self, cell: Cell) -> Kpis:
        """“sold amount / `basket_count`”; “discount / gross”."""
        if not self._world.measures.has_money:
            return {"average_basket": NOTHING, "discount_rate": NOTHING}
        return {
            "average_basket": quotient(cell["basket_amount"], cell["basket_count"]),
            "discount_rate": quotient(cell.money("discount_amount"), cell.money("gross_revenue")),
        }

    def margin_rates(self, cell: Cell) -> Kpis:
        """“the rate's denominator is those lines' net revenue; `cost_coverage_rate` = their share of net revenue”."""
        measures = self._world.measures
        margin, costed = measures.additive(cell)["gross_margin"], measures.costed_net_revenue(cell)
        return {
            "gross_margin_rate": quotient(margin, costed),
            "cost_coverage_rate": quotient(costed, measures.net_revenue(cell)),
        }

    def lead_rates(self, cell: Cell, period: Period) -> Kpis:
        """“persons created in the period who bought within `lead_conversion_days` / persons created in the period”.

        L3, M11: the rate and its parts are NULL until the period's last day + lead_conversion_days is reached.
        """
        if not self._world.measures.has_leads:
            return {"lead_conversion_rate": NOTHING, "period_conversion_rate": NOTHING}
        created = int(cell["leads_created"])
        window = timedelta(days=self._world.settings.lead_conversion_days)
        lived = period.last + window <= self._world.calendar.as_of
        return {
            "lead_conversion_rate": share_of_people(int(cell["leads_bought_in_time"]), created) if lived else NOTHING,
            "period_conversion_rate": rate(int(cell["leads_converted"]), created),
        }

    def staffing(self, entity: Entity, period: Period, cell: Cell) -> Kpis:
        """“team metric / Σ(fte × employed days in team / days in period, elapsed days in an open period)”."""
        measures = self._world.measures
        if not measures.has_reps:
            return dict.fromkeys(("active_reps", "fte"), NOTHING) | self._per_fte(cell, None)
        employed: defaultdict[str, int] = defaultdict(int)
        for month in self._world.periods.months(period):
            for rep, worked in self._staff.get((entity, month), {}).items():
                employed[rep] += worked
        elapsed = self._world.periods.elapsed_days(period)
        fte = sum((Fraction(self.lives[rep].rep.fte) * n / elapsed for rep, n in employed.items()), Fraction(0))
        return {"active_reps": Kpi(len(employed)), "fte": Kpi(float(fte))} | self._per_fte(cell, fte)

    def _per_fte(self, cell: Cell, fte: Fraction | None) -> Kpis:
        parts = {"net_revenue": "net_revenue", "sales": "sales_count", "activities": "activities"}
        sums, size = self.sums(cell), None if fte is None else float(fte)
        return {
            f"{name}_per_fte": Kpi(quotient(sums[part].value, fte).value, sums[part].value, size)
            for name, part in parts.items()
        }

    # ---- targets -----------------------------------------------------------------------------------------------------

    def attainment(self, entity: Entity, period: Period, actual: Number | None, metric: str, prefix: str) -> Kpis:
        """“actual of the target's metric / target”; “actual to date / (target × elapsed … / working days)”."""
        world = self._world
        if not world.has("targets"):
            nothing = Kpi(None, actual, None)
            return {f"{prefix}target": NOTHING} | {f"{prefix}{name}_rate": nothing for name in ("attainment", "pace")}
        target = world.targets.of_period(entity.grain, entity.entity_id, period, metric)
        region = self.region(entity, period)
        due = due_by(target, world.calendar, period, world.calendar.as_of, region)
        return {
            f"{prefix}target": Kpi(target),
            f"{prefix}attainment_rate": quotient(actual, target),
            f"{prefix}pace_rate": _in_doubles(quotient(actual, due), numerator=False),
        }

    def of_net_revenue(self, entity: Entity, period: Period, cell: Cell) -> Kpis:
        return self.attainment(entity, period, self._world.measures.net_revenue(cell), NET_REVENUE, "")

    # ---- growth ------------------------------------------------------------------------------------------------------

    def _net(self, entity: Entity, period: Period) -> Decimal | None:
        if not self._world.periods.is_comparable(period):
            return None
        return self._world.measures.net_revenue(self.cell(entity, period))

    def growth(self, entity: Entity, period: Period, months: int) -> Kpi:
        """G8: “Growth compares complete periods; an open period's growth is NULL”."""
        if not self._world.periods.is_complete(period):
            return NOTHING
        return Kpi(growth(self._net(entity, period), self._net(entity, period.earlier(months))))

    def growth_to_date(self, entity: Entity, period: Period, months: int) -> Kpi:
        """T4, M51: “the earlier period's days up to and including its k-th working day”; NULL in complete periods."""
        periods, earlier = self._world.periods, period.earlier(months)
        if periods.is_complete(period) or not periods.is_comparable(earlier) or not self._world.measures.has_money:
            return NOTHING
        region = self.region(entity, period)
        elapsed = sum(1 for day in periods.working_days(period, region) if day <= self._world.calendar.as_of)
        working = periods.working_days(earlier, region)
        if elapsed == 0:
            return NOTHING
        last = working[elapsed - 1] if elapsed <= len(working) else earlier.last
        cell = Cell()
        for day in days(earlier.start, last):
            found = self._net_days.get((entity, day))
            if found is not None:
                cell.merge(found)
        return Kpi(growth(self._net(entity, period), self._world.measures.net_revenue(cell)))

    def growths(self, entity: Entity, period: Period) -> Kpis:
        """`_mom` in months, `_qoq` in quarters, `_yoy` in every period."""
        names: dict[str, int] = {"yoy": 12}
        names |= {"month": {"mom": 1}, "quarter": {"qoq": 3}, "year": {}}[period.kind]
        found = {f"net_revenue_growth_{name}": self.growth(entity, period, n) for name, n in names.items()}
        to_date = {
            f"net_revenue_growth_{name}_to_date": self.growth_to_date(entity, period, n) for name, n in names.items()
        }
        return found | to_date

    # ---- all of them -------------------------------------------------------------------------------------------------

    def won_deals(self, entity: Entity, period: Period) -> list[Deal]:
        periods = self._world.periods
        first, last = periods.first_day(period), periods.last_day(period)
        return [deal for deal in self._closed[entity] if deal.closed_on is not None and first <= deal.closed_on <= last]

    def kpis(self, entity: Entity, period: Period) -> Kpis:
        cell = self.cell(entity, period)
        return (
            self.sums(cell)
            | self.win_rates(cell)
            | self.call_rates(cell)
            | self.average_minutes(cell)
            | self.sale_rates(cell)
            | self.margin_rates(cell)
            | self.lead_rates(cell, period)
            | self.staffing(entity, period, cell)
            | self.of_net_revenue(entity, period, cell)
            | self.growths(entity, period)
        )


def _plus(left: Decimal | None, right: Decimal | None) -> Decimal | None:
    return None if left is None or right is None else left + right


def _in_doubles(kpi: Kpi, numerator: bool = True) -> Kpi:
    """A part that is not exact: minutes, or the part of a target that is due by a day."""

    def double(value: Any) -> Any:
        return None if value is None else float(value)

    if numerator:
        return Kpi(kpi.value, double(kpi.numerator), kpi.denominator)
    return Kpi(kpi.value, kpi.numerator, double(kpi.denominator))
