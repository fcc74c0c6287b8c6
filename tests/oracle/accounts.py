"""Customers: merged accounts roll up to the survivor, and have an owner on a day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from .clock import Clock
from .contract import Row
from .history import Histories
from .settings import UNKNOWN
from .teams import Tables

# what happens to an account on a day: “inferred members” of what has happened
_MENTIONS = (
    ("leads", "created_at"),
    ("orders", "ordered_at"),
    ("activities", "started_at"),
    ("subscriptions", "started_on"),
    ("tickets", "opened_at"),
    ("survey_responses", "responded_at"),
    ("survey_invitations", "sent_at"),
    ("reviews", "reviewed_at"),
)


class Accounts:
    """T14: an account created after the as-of date does not exist, unless an event by then mentions it."""

    def __init__(self, tables: Tables, clock: Clock, as_of: date) -> None:
        self._owners = Histories(
            tables["account_owners"], ("account_id", "rep_id"), tables["accounts"], "owner_rep_id", clock, as_of
        )
        self._rows = {row["account_id"]: row for row in tables["accounts"].rows}
        self._mentioned = set(_mentioned(tables, clock, as_of))
        self._later = {
            row["account_id"]
            for row in tables["accounts"].rows
            if row["created_at"] is not None and clock.business_date(row["created_at"]) > as_of
        } - self._mentioned
        self._survivors: dict[str, str] = {}

    def survivor(self, account: str | None) -> str | None:
        """G12: “Merged accounts roll up to the survivor (chains too)”. C7: a cycle names no survivor."""
        if account is None:
            return None
        if account not in self._survivors:
            seen, current = {account}, account
            while True:
                row = self._rows.get(current)
                into = row["merged_into_account_id"] if row else None
                if into is None or into in self._later:
                    self._survivors[account] = current
                    break
                if into in seen:
                    self._survivors[account] = account
                    break
                seen.add(into)
                current = into
        return self._survivors[account]

    def owner_on(self, account: str | None, day: date) -> str | None:
        """C6: “the owner of the surviving account that day”."""
        survivor = self.survivor(account)
        return None if survivor is None else self._owners.at(survivor, day)

    def existing(self) -> Iterable[Row]:
        return [row for account, row in self._rows.items() if account not in self._later]

    def customers(self) -> set[str]:
        """Every account that is not merged into another, supplied or mentioned."""
        ids = (self._rows.keys() - self._later) | self._mentioned
        into = {row["merged_into_account_id"] for row in self.existing()} - {None} - self._later
        return {account for account in ids | into if self.survivor(account) == account}

    def name(self, customer: str) -> str:
        row = self._rows.get(customer)
        return row["account_name"] if row else customer

    def known_segment(self, customer: str) -> str | None:
        row = self._rows.get(customer)
        return row["segment"] if row else None

    def segment(self, customer: str) -> str:
        return self.known_segment(customer) or UNKNOWN

    def known_channel(self, customer: str) -> str | None:
        row = self._rows.get(customer)
        return row["acquisition_channel"] if row else None

    def channel(self, customer: str) -> str:
        return self.known_channel(customer) or UNKNOWN


def _mentioned(tables: Tables, clock: Clock, as_of: date) -> Iterator[str]:
    for table, column in _MENTIONS:
        for row in tables[table].rows:
            day = row[column]
            if row["account_id"] is not None and (day if type(day) is date else clock.business_date(day)) <= as_of:
                yield row["account_id"]
    for row in tables["opportunities"].rows:
        created = row["created_at"]
        if row["account_id"] is not None and (created is None or clock.business_date(created) <= as_of):
            yield row["account_id"]
    for table in ("contacts", "account_owners"):
        for row in tables[table].rows:
            if row["account_id"] is not None:
                yield row["account_id"]
