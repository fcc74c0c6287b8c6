"""Deals: open, won or lost on the as-of date, and who is credited."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from .arithmetic import Rates, allocate
from .clock import Clock
from .contract import Row
from .settings import UNASSIGNED, UNKNOWN, Settings
from .teams import Tables

Credits = list[tuple[str, Decimal]]  # reps in order of id, with shares that add up to 1


@dataclass(frozen=True)
class Deal:
    deal_id: str
    owner: str
    account: str | None
    state: str  # 'open', 'won', 'lost' or 'closed_without_date'
    created_on: date | None
    created_at: datetime | None
    closed_on: date | None
    amount: Decimal | None  # original currency
    list_amount: Decimal | None
    currency: str
    stage: str  # on the as-of date
    probability: Decimal | None  # T13: unknown where the closing is undone
    expected_on: date | None  # the estimate of an open deal
    product: str | None
    campaign: str | None


class State(NamedTuple):
    """What is known of a deal on the as-of date."""

    state: str
    closed_on: date | None
    stage: str
    is_closing_undone: (
        bool  # T13: “probability … NULL; of a deal that is open in the data they stay, like its estimate”
    )


@dataclass(frozen=True)
class StageChange:
    at: datetime
    day: date
    stage: str


def stage_changes(tables: Tables, clock: Clock) -> dict[str, list[StageChange]]:
    changes: defaultdict[str, list[StageChange]] = defaultdict(list)
    for row in tables["opportunity_stage_changes"].rows:
        at = row["changed_at"]
        changes[row["opportunity_id"]].append(StageChange(at, clock.business_date(at), row["stage"]))
    for of_deal in changes.values():
        of_deal.sort(key=lambda change: change.at)
    return changes


class DealReader:
    def __init__(self, tables: Tables, settings: Settings, clock: Clock, as_of: date | None) -> None:
        self._tables, self._settings, self._clock, self._as_of = tables, settings, clock, as_of
        self._changes = stage_changes(tables, clock)

    def read(self) -> dict[str, Deal]:
        """Every deal that exists on the as-of date: “Events after as_of_date do not exist”."""
        deals = {}
        for row in self._tables["opportunities"].rows:
            deal = self._deal(row)
            if self._as_of is None or deal.created_on is None or deal.created_on <= self._as_of:
                deals[deal.deal_id] = deal
        return deals

    def _deal(self, row: Row) -> Deal:
        changes = self._changes.get(row["opportunity_id"], [])
        found, created = self._state(row, changes), self._created_at(row, changes)
        return Deal(
            deal_id=row["opportunity_id"],
            owner=row["owner_rep_id"] or UNASSIGNED,
            account=row["account_id"],
            state=found.state,
            created_on=None if created is None else self._clock.business_date(created),
            created_at=created,
            closed_on=found.closed_on,
            amount=row["amount"],
            list_amount=row["list_amount"],
            currency=row["currency"],
            stage=found.stage,
            probability=None if found.is_closing_undone else row["probability"],
            expected_on=row["close_date"] if found.state == "open" and not found.is_closing_undone else None,
            product=row["product_id"],
            campaign=row["campaign_id"],
        )

    @staticmethod
    def _created_at(row: Row, changes: list[StageChange]) -> datetime | None:
        """G11: “created_at NULL: the first stage change”."""
        created: datetime | None = row["created_at"]
        return created if created is not None or not changes else changes[0].at

    def _state(self, row: Row, changes: list[StageChange]) -> State:
        as_of = self._as_of
        held = [change for change in changes if as_of is None or change.day <= as_of]
        state, closed_on = self._classify(row, changes)
        has_later = len(held) < len(changes)
        stage_then = held[-1].stage if held else UNKNOWN
        is_later = self._is_later(closed_on)
        if is_later or (has_later and state == "open"):
            # T6: “a closing later than it is undone with is_won, is_closed and close_date, and the stage becomes the
            # last change by then, else `unknown`”; T7: so is an open deal with changes after the as-of date
            undone = {"stage": stage_then, "is_won": None, "is_closed": None, "close_date": None}
            return State(*self._classify({**row, **undone}, held), stage_then, is_later)
        if has_later:  # G8: “a deal's stage is its last change by D”
            then, closed_then = self._classify({**row, "stage": stage_then}, held)
            return State(then, closed_then, stage_then, is_closing_undone=then == "open")
        return State(state, closed_on, row["stage"], is_closing_undone=False)

    def _is_later(self, day: date | None) -> bool:
        return day is not None and self._as_of is not None and day > self._as_of

    def _classify(self, row: Row, changes: list[StageChange]) -> tuple[str, date | None]:
        """G11: “`is_won`/`is_closed` where given; else the stage … Closed and not won = lost”; S15."""
        folded = row["stage"].strip().lower()
        won_stage = folded in self._settings.won_stages
        lost_stage = folded in self._settings.lost_stages
        is_closed = row["is_closed"] if row["is_closed"] is not None else won_stage or lost_stage
        if row["is_won"]:
            is_closed = True
        if not is_closed:
            return "open", None
        is_won = row["is_won"] if row["is_won"] is not None else won_stage
        closed_on = row["close_date"] or self._last_closing(changes)
        if closed_on is None:
            return "closed_without_date", None
        return ("won" if is_won else "lost"), closed_on

    def _last_closing(self, changes: list[StageChange]) -> date | None:
        """G11: “close_date, else its last change into a closed stage”."""
        closed = self._settings.won_stages | self._settings.lost_stages
        return next((change.day for change in reversed(changes) if change.stage.strip().lower() in closed), None)


def amount_on_close(deal: Deal, rates: Rates) -> Decimal | None:
    """S14: “converted at the rate of its close date”."""
    assert deal.closed_on is not None
    return rates.convert(deal.amount, deal.currency, deal.closed_on)


def split_credits(tables: Tables) -> dict[str, Credits]:
    """G10: “Shares within 0.001 of 1 are normalised by `allocate`”; C9: the remainder to the last rep by id."""
    shares: defaultdict[str, Credits] = defaultdict(list)
    for row in tables["opportunity_splits"].rows:
        shares[row["opportunity_id"]].append((row["rep_id"], row["share"]))
    normalised: dict[str, Credits] = {}
    for deal, of_deal in shares.items():
        of_deal.sort()
        total = sum((share for _, share in of_deal), Decimal(0))
        if abs(total - 1) <= Decimal("0.001"):
            parts = allocate(Decimal(1), [share for _, share in of_deal], decimals=8)
            normalised[deal] = [(rep, part) for (rep, _), part in zip(of_deal, parts, strict=True)]
    return normalised


def deal_credits(deal: Deal, splits: dict[str, Credits]) -> Credits:
    """G10: “Deals credit their splits, else the owner”."""
    return splits.get(deal.deal_id) or [(deal.owner, Decimal(1))]
