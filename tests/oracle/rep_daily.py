"""The mart `rep_daily_kpis`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from .arithmetic import ratio
from .clock import ONE_DAY, Calendar, days, first_of_month
from .parts import EMPTY, Cell, Measures, Parts
from .periods import Period
from .settings import UNASSIGNED
from .targets import Targets, attainment_rate, due_by
from .teams import Organisation, Rep, inferred_rep

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Life:
    """When a rep was employed and had events (C14); `hired_on` NULL: employed from the first event."""

    rep: Rep
    first_event: date | None
    last_event: date | None

    def is_employed(self, day: date) -> bool:
        if self.rep.rep_id == UNASSIGNED:
            return False
        hired = self.rep.hired_on or self.first_event
        return hired is not None and hired <= day and (self.rep.left_on is None or day < self.rep.left_on)

    def spine(self, calendar: Calendar) -> tuple[date, date] | None:
        """First and last day of a rep in the mart.

        “from the later of start_date's month and the earlier of hired_on and first event, to the earlier of
        as_of_date and the later of left_on's eve and the last event credited; `unassigned`: every day”.
        """
        if self.rep.rep_id == UNASSIGNED:
            return calendar.first_day, calendar.as_of
        starts = [day for day in (self.rep.hired_on, self.first_event) if day is not None]
        if not starts:
            return None  # C12
        last = calendar.as_of
        if self.rep.left_on is not None:
            ends = [self.rep.left_on - ONE_DAY] + ([self.last_event] if self.last_event else [])
            last = min(last, max(ends))
        return max(calendar.first_day, min(starts)), last


def lives(organisation: Organisation, parts: Parts) -> dict[str, Life]:
    event_days: dict[str, list[date]] = {}
    for rep, _, day in parts.cells:
        event_days.setdefault(rep, []).append(day)
    reps = {rep: inferred_rep(rep) for rep in event_days} | organisation.reps
    return {
        rep_id: Life(rep, min(event_days.get(rep_id, []), default=None), max(event_days.get(rep_id, []), default=None))
        for rep_id, rep in reps.items()
    }


def rep_daily_kpis(
    organisation: Organisation,
    parts: Parts,
    measures: Measures,
    targets: Targets,
    calendar: Calendar,
    low_n_threshold: int,
) -> Rows:
    cells = parts.sum_by_rep_day()
    rows: Rows = []
    for rep_id, life in sorted(lives(organisation, parts).items()):
        spine = life.spine(calendar)
        if spine is None:
            continue
        month_to_date, month = Cell(), None
        for day in days(*spine):
            if first_of_month(day) != month:
                month, month_to_date = first_of_month(day), Cell()
            cell = cells.get((rep_id, day), EMPTY)
            month_to_date.merge(cell)
            rows.append(
                _row(life, day, cell, month_to_date, organisation, measures, targets, calendar, low_n_threshold)
            )
    return rows


def _row(
    life: Life,
    day: date,
    cell: Cell,
    month_to_date: Cell,
    organisation: Organisation,
    measures: Measures,
    targets: Targets,
    calendar: Calendar,
    low_n_threshold: int,
) -> dict[str, Any]:
    rep, month = life.rep, first_of_month(day)
    team = organisation.teams[organisation.team_of(rep.rep_id, day)]  # "the rep's team that day, a label"
    to_date = measures.net_revenue(month_to_date)
    target = targets.of_rep(rep.rep_id, month)
    due = due_by(target, calendar, Period("month", month), day, team.region)
    closed, calls = measures.closed(cell), measures.additive(cell)["calls"]
    return {
        "date_day": day,
        "rep_id": rep.rep_id,
        "rep_name": rep.rep_name,
        "team_id": team.team_id,
        "team_name": team.team_name,
        "is_employed": life.is_employed(day),
        "is_working_day": calendar.is_working_day(day, team.region),
        **measures.additive(cell),
        "win_rate": measures.win_rate(cell),
        "call_connect_rate": measures.call_connect_rate(cell),
        "average_call_minutes": measures.average_minutes(cell, "call"),
        "average_meeting_minutes": measures.average_minutes(cell, "meeting"),
        "gross_margin_rate": measures.gross_margin_rate(cell),
        "average_basket": measures.average_basket(cell),
        "month_to_date_net_revenue": to_date,
        "month_target": target,
        "attainment_rate": attainment_rate(to_date, target),
        "pace_rate": ratio(to_date, due),
        "pace_rate_denominator": None if due is None else float(due),
        "is_team_assumed": organisation.is_team_assumed(rep.rep_id, day),
        "win_rate_denominator": closed,
        "win_rate_is_low_n": None if closed is None else closed < low_n_threshold,
        "call_connect_rate_is_low_n": None if calls is None else calls < low_n_threshold,
        "average_basket_numerator": measures.basket_amount(cell),
        **measures.minutes(cell, "call"),
        **measures.minutes(cell, "meeting"),
        "gross_margin_rate_denominator": measures.costed_net_revenue(cell),
    }
