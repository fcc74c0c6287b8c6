"""The mart `team_monthly_kpis`."""

from __future__ import annotations

from typing import Any

from .company import Families
from .entities import Entity
from .kpi import layout
from .periods import Period
from .rep_daily import Rows
from .settings import UNASSIGNED
from .teams import Team
from .world import World


class TeamMonths:
    def __init__(self, world: World, families: Families) -> None:
        self._world, self._families = world, families

    def rows(self) -> Rows:
        """M2: “every team (also `unassigned`) × every month of the calendar”."""
        rows: Rows = []
        for period in self._world.periods.all("month"):
            of_month = [self._row(team, period) for _, team in sorted(self._world.organisation.teams.items())]
            add_rank(of_month, "net_revenue", "net_revenue_rank")
            add_rank(of_month, "attainment_rate", "attainment_rank")
            rows += of_month
        return rows

    def _row(self, team: Team, period: Period) -> dict[str, Any]:
        families = self._families
        kpis = families.entities.kpis(Entity("team", team.team_id), period)
        kpis |= families.customers.retention(period, families.customers.team, team.team_id)
        kpis |= families.satisfaction.team(period, team.team_id)
        return {
            "month": period.start,
            "team_id": team.team_id,
            "team_name": team.team_name,
            "region": team.region,
            "is_complete_period": self._world.periods.is_complete(period),
            **layout(kpis, self._world.settings.low_n_threshold),
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
