"""Customers: merged accounts roll up to the survivor, and have an owner on a day."""

from __future__ import annotations

from datetime import date

from .clock import Clock
from .history import Histories
from .settings import UNKNOWN
from .teams import Tables


class Accounts:
    def __init__(self, tables: Tables, clock: Clock, as_of: date) -> None:
        self._owners = Histories(
            tables["account_owners"], ("account_id", "rep_id"), tables["accounts"], "owner_rep_id", clock, as_of
        )
        self._rows = {row["account_id"]: row for row in tables["accounts"].rows}
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
                if into is None:
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

    def segment(self, customer: str) -> str:
        row = self._rows.get(customer)
        return (row and row["segment"]) or UNKNOWN

    def channel(self, customer: str) -> str:
        row = self._rows.get(customer)
        return (row and row["acquisition_channel"]) or UNKNOWN
