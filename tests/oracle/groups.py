"""The marts `channel_monthly_kpis` and `segment_monthly_kpis`: how customers came, and who they are."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from .customers import Customers
from .kpi import NOTHING, Kpi, Kpis, rate, share_of_people
from .leads import Person
from .parts import Cell
from .periods import Period
from .satisfaction import Satisfaction
from .settings import UNKNOWN
from .world import World

OfCustomer = Callable[[str], str]
OfPerson = Callable[[Person], str]


class Groups:
    """M33: the customer's acquisition channel and segment.

    “of persons: their lead's channel, their customer's segment”.
    """

    def __init__(self, world: World, customers: Customers, satisfaction: Satisfaction) -> None:
        self._world, self._customers, self._satisfaction = world, customers, satisfaction

    # ---- channels ----------------------------------------------------------------------------------------------------

    def channel_rows(self) -> list[tuple[dict[str, Any], Kpis]]:
        accounts, rows = self._world.accounts, []
        for period in self._world.periods.all("month"):
            for channel in self._channels():
                kpis = self._kpis(period, channel, accounts.channel, lambda person: person.channel or UNKNOWN)
                visitors = self._visitors(period, channel)
                kpis |= {
                    "visitors": Kpi(visitors),
                    "visitor_conversion_rate": rate(kpis["new_customers"].value, visitors),
                }
                rows.append(({"month": period.start, "channel": channel}, kpis))
        return rows

    def _channels(self) -> list[str]:
        """Every channel that a lead, visit, campaign or account names."""
        tables, as_of = self._world.tables, self._world.calendar.as_of
        named = {person.channel for person in self._world.persons}
        named |= {row["channel"] for row in tables["web_visits"].rows if row["visit_date"] <= as_of}
        named |= {row["acquisition_channel"] for row in self._world.accounts.existing()}
        return sorted({channel for channel in named if channel is not None} | {UNKNOWN})

    def _visitors(self, period: Period, channel: str) -> int | None:
        if not self._world.has("web_visits"):
            return None
        first, last = self._between(period)
        rows = self._world.tables["web_visits"].rows
        return sum(
            int(row["visitors"]) for row in rows if row["channel"] == channel and first <= row["visit_date"] <= last
        )

    # ---- segments ----------------------------------------------------------------------------------------------------

    def segment_rows(self) -> list[tuple[dict[str, Any], Kpis]]:
        accounts = self._world.accounts

        def of_person(person: Person) -> str:
            return UNKNOWN if person.customer is None else accounts.segment(person.customer)

        segments = {row["segment"] for row in accounts.existing()} - {None} | {UNKNOWN}
        return [
            ({"month": period.start, "segment": segment}, self._kpis(period, segment, accounts.segment, of_person))
            for period in self._world.periods.all("month")
            for segment in sorted(segments)
        ]

    # ---- both --------------------------------------------------------------------------------------------------------

    def _between(self, period: Period) -> tuple[date, date]:
        return self._world.periods.first_day(period), self._world.periods.last_day(period)

    def _kpis(self, period: Period, name: str, of_customer: OfCustomer, of_person: OfPerson) -> Kpis:
        def of(customer: str | None) -> str:
            return UNKNOWN if customer is None else of_customer(customer)

        first, last = self._between(period)
        satisfaction = self._satisfaction
        retention = self._customers.retention(period, lambda customer, day: of_customer(customer), name)
        return {
            **self._leads(period, name, of_person),
            "new_customers": Kpi(
                sum(
                    1
                    for customer, sale in self._customers.first_sales.items()
                    if first <= sale.day <= last and of_customer(customer) == name
                )
                if self._world.measures.has_sales
                else None
            ),
            "net_revenue": Kpi(self._net_revenue(first, last, name, of)),
            **retention,
            **satisfaction.nps(period, lambda answer: of(answer.customer) == name),
            "complaints": satisfaction.complaint_kpis(period, lambda c: of(c.customer) == name, None)["complaints"],
        }

    def _leads(self, period: Period, name: str, of_person: OfPerson) -> Kpis:
        names = ("leads_created", "leads_converted", "lead_conversion_rate")
        if not self._world.measures.has_leads:
            return dict.fromkeys(names, NOTHING)
        first, last = self._between(period)
        window = self._world.settings.lead_conversion_days
        persons = [person for person in self._world.persons if of_person(person) == name]
        created = [person for person in persons if first <= person.created_on <= last]
        converted = [p for p in persons if p.converted_on is not None and first <= p.converted_on <= last]
        bought = sum(1 for person in created if person.converted_within(window))
        lived = period.last + timedelta(days=window) <= self._world.calendar.as_of
        return {
            "leads_created": Kpi(len(created)),
            "leads_converted": Kpi(len(converted)),
            "lead_conversion_rate": share_of_people(bought, len(created)) if lived else NOTHING,
        }

    def _net_revenue(self, first: date, last: date, name: str, of: Callable[[str | None], str]) -> Decimal | None:
        cell = Cell()
        for sale in self._world.sales.sales:
            if first <= sale.day <= last and of(sale.customer) == name:
                for line in sale.lines:
                    cell.add_money("sold_amount", line.sold)
                if not sale.lines:
                    cell.add_money("sold_amount", Decimal(0))
        for returned in self._world.sales.returns:
            if first <= returned.day <= last and of(returned.sale.customer) == name:
                cell.add_money("returned_amount", returned.refund)
        return self._world.measures.net_revenue(cell)
