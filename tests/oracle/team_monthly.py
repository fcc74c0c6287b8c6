"""The mart `team_monthly_kpis` (without the columns of customers, surveys and tickets)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from .arithmetic import growth, ratio, wilson
from .clock import Calendar, add_months, days, first_of_month, last_of_month
from .parts import Cell, Measures, Parts
from .rep_daily import Life, Rows, lives
from .settings import UNASSIGNED, Settings
from .targets import Targets, attainment_rate, pace_rate
from .teams import Organisation, Team

Staff = dict[tuple[str, date], dict[str, int]]  # (team, month) -> rep -> employed days


def staff(reps: Mapping[str, Life], organisation: Organisation, calendar: Calendar) -> Staff:
    """C11: “reps employed in the team on at least one elapsed day”; `unassigned` is not a rep."""
    employed: Staff = defaultdict(dict)
    for rep, life in reps.items():
        for day in days(calendar.first_day, calendar.as_of):
            if life.is_employed(day):
                of_month = employed[(organisation.team_of(rep, day), first_of_month(day))]
                of_month[rep] = of_month.get(rep, 0) + 1
    return dict(employed)


class TeamMonths:
    def __init__(
        self,
        organisation: Organisation,
        parts: Parts,
        measures: Measures,
        targets: Targets,
        calendar: Calendar,
        settings: Settings,
    ) -> None:
        self._organisation, self._measures, self._targets = organisation, measures, targets
        self._calendar, self._settings = calendar, settings
        self._lives = lives(organisation, parts)
        self._staff = staff(self._lives, organisation, calendar)
        self._net_by_day: dict[tuple[str, date], Decimal] = {}
        self._cells: defaultdict[tuple[str, date], Cell] = defaultdict(Cell)
        for (team, day), cell in parts.sum_by_team_day().items():
            self._cells[(team, first_of_month(day))].merge(cell)
            self._net_by_day[(team, day)] = measures.net_revenue(cell) or Decimal(0)

    def rows(self) -> Rows:
        """M2: “every team (also `unassigned`) × every month of the calendar”."""
        rows = []
        for month in self._calendar.months():
            of_month = [self._row(team, month) for _, team in sorted(self._organisation.teams.items())]
            add_rank(of_month, "net_revenue", "net_revenue_rank")
            add_rank(of_month, "attainment_rate", "attainment_rank")
            rows += of_month
        return rows

    def _row(self, team: Team, month: date) -> dict[str, Any]:
        cell, measures = self._cells[(team.team_id, month)], self._measures
        net = measures.net_revenue(cell)
        target = self._targets.of_team(team.team_id, month)
        fte = self._fte(team.team_id, month)
        return {
            "month": month,
            "team_id": team.team_id,
            "team_name": team.team_name,
            "region": team.region,
            "is_complete_period": self._calendar.is_complete(month),
            "active_reps": len(self._staff.get((team.team_id, month), {})),
            "fte": None if fte is None else float(fte),
            **measures.additive(cell),
            "net_revenue_growth_mom": self._growth(team.team_id, month, 1),
            "net_revenue_growth_yoy": self._growth(team.team_id, month, 12),
            "net_revenue_growth_mom_to_date": self._growth_to_date(team, month, 1),
            "net_revenue_growth_yoy_to_date": self._growth_to_date(team, month, 12),
            "target": target,
            "attainment_rate": attainment_rate(net, target),
            "pace_rate": pace_rate(net, target, self._calendar, month, self._calendar.as_of, team.region),
            "net_revenue_per_fte": ratio(net, fte),
            "sales_per_fte": ratio(cell["sales_count"] if measures.has_sales else None, fte),
            "activities_per_fte": ratio(cell["activities"] if measures.has_activities else None, fte),
            **self._lead_conversion(cell, month),
            "period_conversion_rate": measures.period_conversion_rate(cell),
            "win_rate": measures.win_rate(cell),
            "win_rate_value": measures.win_rate_value(cell),
            "call_connect_rate": measures.call_connect_rate(cell),
            "average_basket": measures.average_basket(cell),
            "gross_margin_rate": measures.gross_margin_rate(cell),
        }

    def _fte(self, team: str, month: date) -> Fraction | None:
        """“Σ(fte × employed days in team / days in period, elapsed days in an open period)”; C13: needs `reps`."""
        if not self._measures.has_reps:
            return None
        elapsed = (min(last_of_month(month), self._calendar.as_of) - month).days + 1
        return sum(
            (
                Fraction(self._lives[rep].rep.fte) * employed / elapsed
                for rep, employed in self._staff.get((team, month), {}).items()
            ),
            Fraction(0),
        )

    # ---- growth ------------------------------------------------------------------------------------------------------

    def _net(self, team: str, month: date) -> Decimal | None:
        if month < self._calendar.first_day:
            return None
        return self._measures.net_revenue(self._cells[(team, month)])

    def _growth(self, team: str, month: date, months: int) -> float | None:
        """G8: “Growth compares complete periods; an open period's growth is NULL”."""
        if not self._calendar.is_complete(month):
            return None
        return growth(self._net(team, month), self._net(team, add_months(month, -months)))

    def _growth_to_date(self, team: Team, month: date, months: int) -> float | None:
        """T4: growth of an open month.

        T4: “the earlier period's days up to and including its k-th working day, k = working days elapsed in the
        open period; NULL in complete periods”.
        """
        earlier = add_months(month, -months)
        if self._calendar.is_complete(month) or earlier < self._calendar.first_day or not self._measures.has_money:
            return None
        elapsed = self._calendar.elapsed_working_days(self._calendar.as_of, team.region)
        working = self._calendar.working_days(earlier, team.region)
        if elapsed == 0:
            return None
        last = working[elapsed - 1] if elapsed <= len(working) else last_of_month(earlier)
        previous = sum(
            (self._net_by_day.get((team.team_id, day), Decimal(0)) for day in days(earlier, last)), Decimal(0)
        )
        return growth(self._net(team.team_id, month), previous)

    # ---- leads -------------------------------------------------------------------------------------------------------

    def _lead_conversion(self, cell: Cell, month: date) -> dict[str, Any]:
        """L3, G13, G14: the rate by month of creation, with its parts and interval.

        “persons whose lead was created in the period and who bought within `lead_conversion_days` / persons created
        in the period”; L3: NULL until the month's last day + lead_conversion_days is on or before the as-of date.
        """
        lived = (self._calendar.as_of - last_of_month(month)).days >= self._settings.lead_conversion_days
        known = self._measures.has_leads and lived
        bought = int(cell["leads_bought_in_time"]) if known else None
        created = int(cell["leads_created"]) if known else None
        low, high = wilson(bought, created)
        return {
            "lead_conversion_rate": ratio(bought, created),
            "lead_conversion_rate_numerator": bought,
            "lead_conversion_rate_denominator": created,
            "lead_conversion_rate_low": low,
            "lead_conversion_rate_high": high,
        }


def add_rank(rows: Rows, value: str, rank: str) -> None:
    """G13: ranks, the highest value first.

    G13: “Ranks on complete periods only, ties share a rank (1, 1, 3), `unassigned` is not ranked, an available 0
    is”; the highest value is first.
    """
    ranked = [
        row[value]
        for row in rows
        if row["is_complete_period"] and row["team_id"] != UNASSIGNED and row[value] is not None
    ]
    for row in rows:
        is_ranked = row["is_complete_period"] and row["team_id"] != UNASSIGNED and row[value] is not None
        row[rank] = 1 + sum(1 for other in ranked if other > row[value]) if is_ranked else None
