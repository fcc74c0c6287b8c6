"""Cuts a raw folder as of a day: what the folder would have held then (KPIs G8, docs/AS_OF.md).

    python -m tests.oracle.cut_folder --raw DIR --as-of DATE --out DIR

A warehouse of the whole folder as of a day must equal a warehouse of the folder cut on that day. Written from the
specification and not from the SQL.

Of each key the versions of later days go (all of them later: all but the earliest). Then the version that speaks for
the key decides: is it an event of a later day, the key goes; else what the row dates after the day is undone. A
deleted key and a row that breaks the contract stay what they are. Every table is written as one CSV file.
"""

from __future__ import annotations

import argparse
import csv
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from . import contract
from .clock import Clock
from .contract import Row
from .raw import Chosen, RawFolder, Version
from .settings import UNKNOWN, Settings

Undone = dict[str, str | None]  # column -> what it holds instead
Rule = Callable[[Row], Undone | None]  # of a row that exists what is undone; None: it does not exist yet

# the day on which the row of an event came to be; deals and accounts have rules of their own
EVENT_DAYS: Mapping[str, str] = {
    "team_memberships": "valid_from",
    "account_owners": "valid_from",
    "contacts": "created_at",
    "leads": "created_at",
    "opportunity_stage_changes": "changed_at",
    "orders": "ordered_at",
    "returns": "returned_at",
    "activities": "started_at",
    "campaign_spend": "spend_date",
    "web_visits": "visit_date",
    "subscriptions": "started_on",
    "tickets": "opened_at",
    "survey_responses": "responded_at",
    "survey_invitations": "sent_at",
    "reviews": "reviewed_at",
    "operating_costs": "cost_month",
    "exchange_rates": "rate_date",
}
# parts of an event have no day of their own: table -> (the event's table, its key)
PARTS: Mapping[str, tuple[str, str]] = {
    "order_lines": ("orders", "order_id"),
    "opportunity_splits": ("opportunities", "opportunity_id"),
}
# of a closing: what is not known before it
CLOSING = ("close_date", "lost_reason", "probability")
FLAGS = ("is_won", "is_closed")
ACCOUNT_MENTIONS = (
    "account_owners",
    "contacts",
    "leads",
    "opportunities",
    "orders",
    "activities",
    "subscriptions",
    "tickets",
    "survey_responses",
    "survey_invitations",
    "reviews",
)


@dataclass
class Change:
    day: date
    stage: str


@dataclass
class Kept:
    """A key that stays, and the values that are undone in the version that speaks for it."""

    chosen: Chosen
    undone: Undone = field(default_factory=dict)


class Cutter:
    def __init__(self, raw: RawFolder, settings: Settings, clock: Clock, as_of: date) -> None:
        self._raw, self._settings, self._clock, self._as_of = raw, settings, clock, as_of
        self._closed_stages = settings.won_stages | settings.lost_stages
        self._tables: dict[str, list[Kept]] = {}
        self._dropped: defaultdict[str, set[object]] = defaultdict(set)

    def tables(self) -> dict[str, list[Kept]]:
        """What stays of every table that is supplied."""
        supplied = [table for table in contract.TABLES if self._raw.is_supplied(table)]
        rules = {"opportunities": self._deal_rule, "accounts": self._account_rule}
        # an event before its parts, and what mentions an account before the accounts
        for table in sorted(supplied, key=lambda name: (name in PARTS, name == "accounts")):
            rule = rules.get(table, self._plain_rule)(table)
            found = [self._keep(table, chosen, rule) for chosen in self._raw.chosen(table, self._as_of)]
            self._tables[table] = [kept for kept in found if kept is not None]
        self._undo_merges()
        return {table: self._tables[table] for table in supplied}

    def _keep(self, table: str, chosen: Chosen, rule: Rule) -> Kept | None:
        if chosen.row is None:
            return Kept(chosen)
        undone = rule(chosen.row)
        if undone is None:
            self._dropped[table].add(chosen.row[contract.TABLES[table][0].name])
            return None
        return Kept(chosen, undone)

    def _is_later(self, value: object) -> bool:
        if isinstance(value, datetime):
            return self._clock.business_date(value) > self._as_of
        return isinstance(value, date) and value > self._as_of

    # ---- rules ---------------------------------------------------------------------------------------------------

    def _plain_rule(self, table: str) -> Rule:
        def rule(row: Row) -> Undone | None:
            if table in EVENT_DAYS and self._is_later(row[EVENT_DAYS[table]]):
                return None
            if table in PARTS and row[PARTS[table][1]] in self._dropped[PARTS[table][0]]:
                return None
            return {name: None for name in contract.UNDONE_AFTER_AS_OF.get(table, ()) if self._is_later(row[name])}

        return rule

    def _account_rule(self, table: str) -> Rule:
        """An account of a later day exists if an event that exists mentions it; then its day is what is wrong."""
        mentioned = {
            kept.chosen.row["account_id"]
            for name in ACCOUNT_MENTIONS
            for kept in self._tables.get(name, [])
            if kept.chosen.row is not None
        }

        def rule(row: Row) -> Undone | None:
            if not self._is_later(row["created_at"]):
                return {}
            return {"created_at": None} if row["account_id"] in mentioned else None

        return rule

    def _undo_merges(self) -> None:
        """An account cannot have been merged into one that does not exist yet."""
        for kept in self._tables.get("accounts", []):
            row = kept.chosen.row
            if row is not None and row["merged_into_account_id"] in self._dropped["accounts"]:
                kept.undone["merged_into_account_id"] = None

    def _deal_rule(self, table: str) -> Rule:
        changes: defaultdict[str, list[Change]] = defaultdict(list)
        rows = [one.row for one in self._raw.chosen("opportunity_stage_changes", self._as_of) if one.row is not None]
        for row in sorted(rows, key=lambda row: row["changed_at"]):
            change = Change(self._clock.business_date(row["changed_at"]), row["stage"])
            changes[row["opportunity_id"]].append(change)
        return lambda row: self._undo_deal(row, changes[row["opportunity_id"]])

    def _undo_deal(self, row: Row, changes: list[Change]) -> Undone | None:
        """T6, T7: “a closing later than the as-of date is undone; a deal's stage is its last change by then”."""
        created = row["created_at"] or (changes[0].day if changes else None)  # G11
        if self._is_later(created):
            return None
        known = [change for change in changes if not self._is_later(change.day)]
        stage = {"stage": known[-1].stage if known else UNKNOWN}
        was_closed = self._is_closed(row)
        closing = next((change.day for change in reversed(changes) if self._is_closed_stage(change.stage)), None)
        if was_closed and self._is_later(row["close_date"] or closing):
            return {**stage, **dict.fromkeys(FLAGS), **dict.fromkeys(CLOSING)}
        if len(known) == len(changes):
            return {}
        if was_closed:  # by then: only its stage has moved since, unless that makes it open again
            is_open = not self._is_closed({**row, **stage})
            return {**stage, **(dict.fromkeys(CLOSING) if is_open else {})}
        undone: Undone = {**stage, **dict.fromkeys(FLAGS)}
        if self._is_closed_stage(stage["stage"]):  # it was reopened later: its date is an estimate of that time
            undone["close_date"] = None
        return undone

    def _is_closed_stage(self, stage: str) -> bool:
        return stage.strip().lower() in self._closed_stages

    def _is_closed(self, row: Row) -> bool:
        """G11, S15, S16: the flags where given, else the stage; a won deal is closed."""
        if row["is_won"]:
            return True
        return bool(self._is_closed_stage(row["stage"]) if row["is_closed"] is None else row["is_closed"])


def _texts(kept: Kept) -> Iterable[tuple[Version, dict[str, str | None]]]:
    for version in kept.chosen.held:
        undone = kept.undone if version is kept.chosen.version else {}
        yield version, {**version.texts, **undone}


def _write(path: Path, table: str, rows: list[Kept]) -> None:
    """One file in the order of the records, so that of two versions without a day the same one is the newer."""
    versions = [version for kept in rows for version in _texts(kept)]
    versions.sort(key=lambda one: (one[0].file.encode(), one[0].record))
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [column.name for column in contract.TABLES[table]], lineterminator="\n")
        writer.writeheader()
        writer.writerows(texts for _, texts in versions)


def cut_folder(folder: Path, out: Path, as_of: date, variables: Mapping[str, object] | None = None) -> Path:
    """Writes into `out` what the raw folder held on a day; returns `out`."""
    settings = Settings.of(variables, as_of)
    clock = Clock(settings.zone)
    raw = RawFolder(folder, clock, settings.reporting_currency)
    for table, rows in Cutter(raw, settings, clock, as_of).tables().items():
        _write(out / f"{table}.csv", table, rows)
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--raw", type=Path, required=True)
    parser.add_argument("--as-of", type=date.fromisoformat, required=True)
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    print(cut_folder(given.raw, given.out, given.as_of))


if __name__ == "__main__":
    main()
