"""Teams and reps, supplied and inferred, and the team of a rep on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .clock import Clock
from .history import Histories
from .raw import Table
from .settings import UNASSIGNED

Tables = dict[str, Table]


@dataclass(frozen=True)
class Team:
    team_id: str
    team_name: str
    region: str | None


@dataclass(frozen=True)
class Rep:
    rep_id: str
    rep_name: str
    hired_on: date | None
    left_on: date | None
    fte: Decimal


# every column that mentions a team: "An id that an event mentions and no supplied row defines becomes an
# inferred member of its dimension"
_TEAM_MENTIONS = (
    ("teams", "parent_team_id"),
    ("reps", "team_id"),
)


def inferred_rep(rep: str) -> Rep:
    """An inferred rep counts with fte 1 (C13); `rep_daily.lives` adds one for each rep that an event credits."""
    return Rep(rep, rep, None, None, Decimal(1))


def _mentioned_teams(tables: Tables, as_of: date) -> set[str]:
    found = {row[column] for table, column in _TEAM_MENTIONS for row in tables[table].rows}
    found |= {row["team_id"] for row in tables["operating_costs"].rows if row["cost_month"] <= as_of}
    found |= {row["entity_id"] for row in tables["targets"].rows if row["entity_type"] == "team"}
    return found - {None} | {UNASSIGNED}


class Organisation:
    def __init__(self, tables: Tables, clock: Clock, as_of: date) -> None:
        self._memberships = Histories(
            tables["team_memberships"], ("rep_id", "team_id"), tables["reps"], "team_id", clock, as_of
        )
        self.teams = {
            team: Team(team, team, None) for team in _mentioned_teams(tables, as_of) | self._memberships.values()
        }
        for row in tables["teams"].rows:
            self.teams[row["team_id"]] = Team(row["team_id"], row["team_name"], row["region"])
        self.reps: dict[str, Rep] = {}
        for row in tables["reps"].rows:
            self.reps[row["rep_id"]] = Rep(row["rep_id"], row["rep_name"], row["hired_on"], row["left_on"], row["fte"])
        self.reps[UNASSIGNED] = Rep(UNASSIGNED, UNASSIGNED, None, None, Decimal(0))

    def team_of(self, rep: str, day: date) -> str:
        """G9: “A rep's numbers belong to the team the rep was in on the KPI's own date. … No team: `unassigned`”."""
        return (None if rep == UNASSIGNED else self._memberships.at(rep, day)) or UNASSIGNED

    def is_team_assumed(self, rep: str, day: date) -> bool:
        """G9: “Before the first known membership: the first one, flagged”."""
        return rep != UNASSIGNED and self._memberships.is_before_first(rep, day)
