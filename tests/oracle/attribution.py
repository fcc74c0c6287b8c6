"""Which campaigns had a part in a sale."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from .arithmetic import allocate, allocate_known
from .parts import Cell, minus
from .sales import Sale, SaleLine, completed_orders
from .world import World

UNATTRIBUTED = "unattributed"
Weights = list[tuple[str, Decimal]]  # campaigns in order of id, with parts that add up to 1


@dataclass(frozen=True)
class Touch:
    day: date
    at: datetime
    name: str  # the lead, deal or order
    campaign: str


class Touches:
    """M27: “leads, deals and completed orders with a campaign, of the sale's customer, or of its own deal”.

    An order reaches its own customer: it is no touch of another sale of its deal.
    """

    def __init__(self, world: World) -> None:
        self._of_customer: defaultdict[str, dict[str, Touch]] = defaultdict(dict)
        self._of_deal: defaultdict[str, dict[str, Touch]] = defaultdict(dict)
        self._of_order: dict[str, Touch] = {}
        clock, as_of = world.clock, world.calendar.as_of
        for row in world.tables["leads"].rows:
            day = clock.business_date(row["created_at"])
            if day <= as_of and row["campaign_id"] is not None:
                touch = Touch(day, row["created_at"], f"lead {row['lead_id']}", row["campaign_id"])
                self._add(touch, self._customer(world, row), row["opportunity_id"])
        for deal in world.deals.values():
            counts = deal.state != "closed_without_date"  # G11: excluded
            if counts and deal.campaign is not None and deal.created_on is not None and deal.created_at is not None:
                touch = Touch(deal.created_on, deal.created_at, f"deal {deal.deal_id}", deal.campaign)
                self._add(touch, world.accounts.survivor(deal.account), deal.deal_id)
        for day, row in completed_orders(world.tables, clock, as_of):
            if row["campaign_id"] is not None:
                touch = Touch(day, row["ordered_at"], f"order {row['order_id']}", row["campaign_id"])
                self._add(touch, self._customer(world, row), None)
                self._of_order[touch.name] = touch

    @staticmethod
    def _customer(world: World, row: dict[str, str | None]) -> str | None:
        return world.accounts.survivor(row["account_id"])

    def _add(self, touch: Touch, customer: str | None, deal: str | None) -> None:
        if customer is not None:
            self._of_customer[customer][touch.name] = touch
        if deal is not None:
            self._of_deal[deal][touch.name] = touch

    def of(self, sale: Sale, window_days: int) -> list[Touch]:
        """“0 to `attribution_window_days` before the sale, its own included”."""
        found: dict[str, Touch] = {}
        if sale.customer is not None:
            found |= self._of_customer.get(sale.customer, {})
        if sale.deal_id is not None:
            found |= self._of_deal.get(sale.deal_id, {})
        own = f"order {sale.sale_id}"
        if own in self._of_order:
            found[own] = self._of_order[own]
        first = sale.day - timedelta(days=window_days)
        return [touch for touch in found.values() if first <= touch.day <= sale.day]


def weights(touches: list[Touch], model: str) -> Weights:
    """“`first_touch`, `last_touch`, `linear`”; M27: “of one day all count; `linear` weighs touches, not campaigns”.

    All touches of the sale's day count, also later ones; which is first or last is told by their instants.
    """
    if not touches:
        return [(UNATTRIBUTED, Decimal(1))]
    if model == "first_touch":
        touches = [min(touches, key=lambda touch: (touch.at, touch.name))]
    elif model == "last_touch":
        touches = [max(touches, key=lambda touch: (touch.at, touch.name))]
    counts = sorted(Counter(touch.campaign for touch in touches).items())
    parts = allocate(Decimal(1), [Decimal(count) for _, count in counts], decimals=8)
    return [(campaign, part) for (campaign, _), part in zip(counts, parts, strict=True)]


class Attribution:
    """What campaigns brought, by campaign and month; “`unattributed` stays visible; totals = company totals”."""

    def __init__(self, world: World) -> None:
        touches, settings = Touches(world), world.settings
        self.cells: defaultdict[tuple[str, date], Cell] = defaultdict(Cell)
        first_sales = {sale.sale_id for sale in world.sales.first_sales().values()}
        of_sale: dict[str, Weights] = {}
        for sale in world.sales.sales:
            of_sale[sale.sale_id] = weights(
                touches.of(sale, settings.attribution_window_days), settings.attribution_model
            )
            self._add_sale(sale, of_sale[sale.sale_id], sale.sale_id in first_sales)
        for returned in world.sales.returns:  # M28: “on their own date, with the weights of their sale”
            shares = of_sale[returned.sale.sale_id]
            parts = [part for _, part in shares]
            refunds = allocate_known(returned.refund, parts)
            margin = _margin(returned.line, returned.refund, returned.cost)
            margins = allocate_known(None if margin is None else -margin, parts)
            for (campaign, _), refund, part in zip(shares, refunds, margins, strict=True):
                cell = self._cell(campaign, returned.day)
                cell.add_money("returned_amount", refund)
                if returned.line is not None:
                    cell.add_money("gross_margin", part)

    def _cell(self, campaign: str, day: date) -> Cell:
        return self.cells[(campaign, day.replace(day=1))]

    def _add_sale(self, sale: Sale, shares: Weights, is_first: bool) -> None:
        parts = [part for _, part in shares]
        for campaign, part in shares:
            cell = self._cell(campaign, sale.day)
            cell.add("sales", 1)
            cell.add("new_customers", part if is_first else None)
            if not sale.lines:
                cell.add_money("sold_amount", Decimal(0))
        for line in sale.lines:
            sold = allocate_known(line.sold, parts)
            margins = allocate_known(_margin(line, line.sold, line.cost), parts)
            for (campaign, _), amount, margin in zip(shares, sold, margins, strict=True):
                cell = self._cell(campaign, sale.day)
                cell.add_money("sold_amount", amount)
                cell.add_money("gross_margin", margin)


def _margin(line: SaleLine | None, net: Decimal | None, cost: Decimal | None) -> Decimal | None:
    """M9: the margin of a line of which both revenue and cost are known."""
    known = line is not None and line.sold is not None and line.cost is not None
    return minus(net, cost) if known else None
