"""Subscriptions: when they are live, and what they bring."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .accounts import Accounts
from .contract import Row
from .teams import Tables


@dataclass(frozen=True)
class Subscription:
    """A row of `subscriptions`: one price of one contract."""

    customer: str
    started_on: date
    ended_on: date | None  # exclusive
    mrr: Decimal  # original currency
    currency: str

    def is_live(self, day: date) -> bool:
        """“started_on ≤ end < ended_on”; “An open-ended subscription stays live”."""
        return self.started_on <= day and (self.ended_on is None or day < self.ended_on)


def read_subscriptions(tables: Tables, accounts: Accounts, as_of: date) -> list[Subscription]:
    """Those that have started.

    M15: “A price change of a subscription whose earlier row has no end ends the day the next row of the same
    subscription starts”.
    """
    of_contract: defaultdict[str, list[Row]] = defaultdict(list)
    for row in tables["subscriptions"].rows:
        if row["started_on"] <= as_of:
            of_contract[row["subscription_id"]].append(row)
    found = []
    for rows in of_contract.values():
        rows.sort(key=lambda row: row["started_on"])
        next_starts = [row["started_on"] for row in rows[1:]]
        for row, next_start in zip(rows, [*next_starts, None], strict=True):
            customer = accounts.survivor(row["account_id"])
            assert customer is not None
            end = next_start if row["ended_on"] is None else row["ended_on"]
            found.append(Subscription(customer, row["started_on"], end, row["mrr"], row["currency"]))
    return found
