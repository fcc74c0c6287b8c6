"""The mart `campaign_monthly_kpis`, and the return on campaigns of the company."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import Any

from .attribution import UNATTRIBUTED, Attribution
from .clock import first_of_month
from .kpi import Kpi, Kpis, quotient
from .parts import Cell
from .periods import Period
from .world import World


def roi(margin: Decimal | None, spend: Decimal | None) -> Kpi:
    """“(attributed gross margin − spend) / spend”."""
    return quotient(None if margin is None or spend is None else margin - spend, spend)


def roas(revenue: Decimal | None, spend: Decimal | None) -> Kpi:
    """“attributed revenue / spend”."""
    return quotient(revenue, spend)


class Campaigns:
    def __init__(self, world: World, attribution: Attribution) -> None:
        self._world, self._attribution = world, attribution
        self._spend: defaultdict[tuple[str, date], Cell] = defaultdict(Cell)
        self._visitors: defaultdict[tuple[str, date], int] = defaultdict(int)
        self._leads: defaultdict[tuple[str, date], int] = defaultdict(int)
        self._names = self._campaigns()
        as_of = world.calendar.as_of
        for row in world.tables["campaign_spend"].rows:
            if row["spend_date"] <= as_of:
                amount = world.rates.convert(row["amount"], row["currency"], row["spend_date"])
                self._spend[(row["campaign_id"], first_of_month(row["spend_date"]))].add_money("spend", amount)
        for row in world.tables["web_visits"].rows:
            if row["visit_date"] <= as_of:
                campaign = row["campaign_id"] or UNATTRIBUTED
                self._visitors[(campaign, first_of_month(row["visit_date"]))] += row["visitors"]
        for person in world.persons:
            self._leads[(person.campaign or UNATTRIBUTED, first_of_month(person.created_on))] += 1

    def _campaigns(self) -> dict[str, tuple[str, str | None]]:
        """Every campaign, also those that only an event mentions: name and channel."""
        world, as_of = self._world, self._world.calendar.as_of
        tables, clock = world.tables, world.clock
        mentioned = {deal.campaign for deal in world.deals.values()}
        for table, column in (("leads", "created_at"), ("orders", "ordered_at")):
            rows = tables[table].rows
            mentioned |= {row["campaign_id"] for row in rows if clock.business_date(row[column]) <= as_of}
        mentioned |= {row["campaign_id"] for row in tables["web_visits"].rows if row["visit_date"] <= as_of}
        mentioned |= {row["campaign_id"] for row in tables["campaign_spend"].rows if row["spend_date"] <= as_of}
        names: dict[str, tuple[str, str | None]] = {one: (one, None) for one in mentioned if one is not None}
        for row in tables["campaigns"].rows:
            names[row["campaign_id"]] = (row["campaign_name"], row["channel"])
        names[UNATTRIBUTED] = (UNATTRIBUTED, None)
        return names

    def _attributed(self, cell: Cell) -> tuple[Decimal | None, Decimal | None]:
        """Revenue and margin."""
        measures = self._world.measures
        return measures.net_revenue(cell), measures.additive(cell)["gross_margin"]

    def rows(self) -> list[tuple[dict[str, Any], Kpis]]:
        """One row per campaign and month, “plus `unattributed`”."""
        return [
            ({"month": month, "campaign_id": campaign, "campaign_name": name, "channel": channel}, kpis)
            for month in self._world.calendar.months()
            for campaign, (name, channel) in sorted(self._names.items())
            for kpis in [self._kpis(campaign, month)]
        ]

    def _kpis(self, campaign: str, month: date) -> Kpis:
        world, cell = self._world, self._attribution.cells.get((campaign, month), Cell())
        spend = self._spend[(campaign, month)].money("spend") if world.has("campaign_spend") else None
        new_customers = cell["new_customers"] if world.measures.has_sales else None
        revenue, margin = self._attributed(cell)
        return {
            "spend": Kpi(spend),
            "visitors": Kpi(self._visitors[(campaign, month)] if world.has("web_visits") else None),
            "leads_created": Kpi(self._leads[(campaign, month)] if world.has("leads") else None),
            "new_customers": Kpi(new_customers),
            "attributed_revenue": Kpi(revenue),
            "attributed_margin": Kpi(margin),
            "cac_paid": quotient(spend, new_customers),
            "roi": roi(margin, spend),
            "roas": roas(revenue, spend),
        }

    def company(self, period: Period, spend: Decimal | None) -> Kpis:
        """M41: “what campaigns have a part in, without `unattributed`”."""
        cell, months = Cell(), set(self._world.periods.months(period))
        for (campaign, month), of_campaign in self._attribution.cells.items():
            if campaign != UNATTRIBUTED and month in months:
                cell.merge(of_campaign)
        revenue, margin = self._attributed(cell)
        return {
            "attributed_revenue": Kpi(revenue),
            "attributed_margin": Kpi(margin),
            "roi": roi(margin, spend),
            "roas": roas(revenue, spend),
        }

    def visitors(self, period: Period) -> int | None:
        months = set(self._world.periods.months(period))
        if not self._world.has("web_visits"):
            return None
        return sum(n for (_, month), n in self._visitors.items() if month in months)
