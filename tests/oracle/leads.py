"""Persons: leads that share an e-mail, when they were first seen and when they bought."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from .accounts import Accounts
from .clock import Clock
from .contract import Row
from .deals import Deal
from .sales import Sales, completed_orders
from .settings import UNASSIGNED, Settings
from .teams import Tables


@dataclass(frozen=True)
class Person:
    first_lead: str
    created_on: date
    owner: str
    converted_on: date | None
    channel: str | None
    campaign: str | None
    customer: str | None

    def converted_within(self, days: int) -> bool:
        """G8: “”within N days“ of D is 0 to N days after it, both included”."""
        return self.converted_on is not None and self.converted_on <= self.created_on + timedelta(days=days)


class PersonReader:
    def __init__(
        self,
        tables: Tables,
        settings: Settings,
        clock: Clock,
        accounts: Accounts,
        deals: dict[str, Deal],
        sales: Sales,
        as_of: date,
    ) -> None:
        self._tables, self._settings, self._clock, self._as_of = tables, settings, clock, as_of
        self._accounts, self._deals = accounts, deals
        self._first_order: dict[str, date] = {}
        for day, order in completed_orders(tables, clock, as_of):
            deal = order["opportunity_id"]
            if deal is not None:
                self._first_order[deal] = min(day, self._first_order.get(deal, day))
        days: defaultdict[str, set[date]] = defaultdict(set)
        for sale in sales.sales:
            if sale.customer is not None:
                days[sale.customer].add(sale.day)
        self._sale_days = {customer: sorted(of_customer) for customer, of_customer in days.items()}

    def read(self) -> list[Person]:
        """“A person = leads sharing an e-mail (case-blind), else the lead; counted at the first lead”; L1, L2."""
        people: defaultdict[tuple[str, str], list[Row]] = defaultdict(list)
        for row in self._tables["leads"].rows:
            if self._clock.business_date(row["created_at"]) <= self._as_of:
                email = row["email"]
                people[("lead", row["lead_id"]) if email is None else ("email", email.lower())].append(row)
        return [self._person(rows) for rows in people.values()]

    def _person(self, rows: list[Row]) -> Person:
        first = min(rows, key=lambda row: (row["created_at"], row["lead_id"]))
        conversions = [day for day in map(self._converted_on, rows) if day is not None]
        return Person(
            first_lead=first["lead_id"],
            created_on=self._clock.business_date(first["created_at"]),
            owner=self._first_owner(first["lead_id"]) or UNASSIGNED,
            converted_on=min(conversions, default=None),
            channel=first["channel"],
            campaign=first["campaign_id"],
            customer=self._accounts.survivor(first["account_id"]),
        )

    def _first_owner(self, lead: str) -> str | None:
        """“Credited to owner_rep_id of the earliest version held”."""
        versions = [v for v in self._tables["leads"].histories[(lead,)] if not v.is_deleted]
        return versions[0].texts.get("owner_rep_id")

    def _converted_on(self, row: Row) -> date | None:
        """The day on which a lead bought, if it did.

        “linked to an opportunity: only its own sale (its orders', else its win); not linked to one but to an
        account: the account's first sale on or after the lead's day; linked to neither: `converted_at`. … one before
        the lead does not count”.
        """
        created: datetime = row["created_at"]
        lead_day = self._clock.business_date(created)
        bought: date | None
        if row["opportunity_id"] is not None:
            bought = self._deal_sale(row["opportunity_id"])
        elif row["account_id"] is not None:
            customer = self._accounts.survivor(row["account_id"])
            bought = next((day for day in self._sale_days.get(customer or "", []) if day >= lead_day), None)
        else:
            bought = None if row["converted_at"] is None else self._clock.business_date(row["converted_at"])
        return bought if bought is not None and bought >= lead_day else None

    def _deal_sale(self, deal_id: str) -> date | None:
        """L4: “the first completed order with that `opportunity_id`, else the close date if won”."""
        if deal_id in self._first_order:
            return self._first_order[deal_id]
        deal = self._deals.get(deal_id)
        return deal.closed_on if deal is not None and deal.state == "won" else None
