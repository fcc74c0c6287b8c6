"""Sales and returns: money, units, cost, and whom they credit."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal

from .accounts import Accounts
from .arithmetic import Rates, allocate_known, floor_share, times
from .clock import Clock
from .contract import Row
from .deals import Credits, Deal, deal_credits
from .settings import UNASSIGNED, Settings
from .teams import Tables

NO_INSTANT = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class SaleLine:
    line_id: str
    product: str | None
    quantity: Decimal | None
    sold_original: Decimal | None
    sold: Decimal | None  # reporting currency, like the next two
    gross: Decimal | None
    cost: Decimal | None


@dataclass(frozen=True)
class Sale:
    sale_id: str
    day: date
    instant: datetime
    customer: str | None
    currency: str
    deal_id: str | None
    credits: Credits
    lines: list[SaleLine]
    campaign: str | None

    @property
    def sold(self) -> Decimal:
        return sum((line.sold for line in self.lines if line.sold is not None), Decimal(0))


@dataclass(frozen=True)
class Return:
    """The part of a return that falls on one line of a sale (None: the sale has no line)."""

    return_id: str
    day: date
    sale: Sale
    line: SaleLine | None
    refund: Decimal | None
    refund_original: Decimal | None
    units: Decimal | None
    cost: Decimal | None  # reversed cost; None where the line has no cost


@dataclass
class Sales:
    basis: str | None  # 'orders', 'won_opportunities', or None where neither table is supplied
    sales: list[Sale] = field(default_factory=list)
    returns: list[Return] = field(default_factory=list)
    has_money: bool = True
    has_returns: bool = False

    def first_sales(self) -> dict[str, Sale]:
        """S10: “earliest by business date, then instant, then sale id, in the revenue basis, also when 0”."""
        first: dict[str, Sale] = {}
        for sale in sorted(self.sales, key=lambda s: (s.day, s.instant, s.sale_id)):
            if sale.customer is not None:
                first.setdefault(sale.customer, sale)
        return first


def revenue_basis(tables: Tables, settings: Settings) -> str | None:
    """G1, S1: “`auto` (orders if the table is supplied, else won opportunities)”."""
    if settings.revenue_basis == "auto":
        basis = "orders" if tables["orders"].is_supplied else "won_opportunities"
    else:
        basis = settings.revenue_basis
    return basis if tables["orders" if basis == "orders" else "opportunities"].is_supplied else None


def completed_orders(tables: Tables, clock: Clock, as_of: date | None) -> list[tuple[date, Row]]:
    """G1: completed orders, with their business date."""
    dated = [(clock.business_date(row["ordered_at"]), row) for row in tables["orders"].rows]
    return [(day, row) for day, row in dated if row["status"] == "completed" and (as_of is None or day <= as_of)]


class SaleReader:
    def __init__(
        self,
        tables: Tables,
        settings: Settings,
        clock: Clock,
        accounts: Accounts,
        rates: Rates,
        deals: dict[str, Deal],
        splits: dict[str, Credits],
        as_of: date,
    ) -> None:
        self._tables, self._settings, self._clock, self._as_of = tables, settings, clock, as_of
        self._accounts, self._rates, self._deals, self._splits = accounts, rates, deals, splits
        self._products = {row["product_id"]: row for row in tables["products"].rows}

    def read(self) -> Sales:
        basis = revenue_basis(self._tables, self._settings)
        if basis == "orders":
            sales = Sales(basis, self._from_orders())
            sales.has_money = self._tables["order_lines"].is_supplied
            sales.has_returns = self._tables["returns"].is_supplied
            sales.returns = self._returns(sales.sales)
            return sales
        return Sales(basis, self._from_deals() if basis else [])

    # ---- orders ------------------------------------------------------------------------------------------------------

    def _from_orders(self) -> list[Sale]:
        """G1: completed orders with their valid lines.

        “A line of an unknown or not completed order is excluded; a completed order without a valid line is a sale
        of 0”.
        """
        lines: defaultdict[str, list[Row]] = defaultdict(list)
        for row in self._tables["order_lines"].rows:
            lines[row["order_id"]].append(row)
        sales = []
        for day, order in completed_orders(self._tables, self._clock, self._as_of):
            of_order = sorted(lines.get(order["order_id"], []), key=lambda row: str(row["order_line_id"]))
            sales.append(
                Sale(
                    sale_id=order["order_id"],
                    day=day,
                    instant=order["ordered_at"],
                    customer=self._accounts.survivor(order["account_id"]),
                    currency=order["currency"],
                    deal_id=order["opportunity_id"],
                    credits=self._order_credits(order, day),
                    lines=[self._line(row, order["currency"], day) for row in of_order],
                    campaign=order["campaign_id"],
                )
            )
        return sales

    def _order_credits(self, order: Row, day: date) -> Credits:
        """G10: whom an order credits.

        G10: “orders.rep_id, else the split or owner of their opportunity, else the account's owner that day, else
        rep `unassigned`”.
        """
        if order["rep_id"] is not None:
            return [(order["rep_id"], Decimal(1))]
        deal = self._deals.get(order["opportunity_id"] or "")  # T8: not one that is created after the as-of date
        if deal is not None:
            if deal.deal_id in self._splits:
                return self._splits[deal.deal_id]
            if deal.owner != UNASSIGNED:
                return [(deal.owner, Decimal(1))]
        return [(self._accounts.owner_on(order["account_id"], day) or UNASSIGNED, Decimal(1))]

    def _line(self, row: Row, currency: str, day: date) -> SaleLine:
        """G2: the money of an order line.

        G2: “sold = line_amount, else quantity × unit_price − discount_amount; gross = quantity × the line's
        list_price, without one sold + discount_amount”.
        """
        sold = row["line_amount"]
        if sold is None:
            sold = times(row["quantity"], row["unit_price"]) - row["discount_amount"]
        if row["list_price"] is not None:
            gross = times(row["quantity"], row["list_price"])
        else:
            gross = sold + row["discount_amount"]
        return SaleLine(
            line_id=row["order_line_id"],
            product=row["product_id"],
            quantity=row["quantity"],
            sold_original=sold,
            sold=self._rates.convert(sold, currency, day),
            gross=self._rates.convert(gross, currency, day),
            cost=self._cost(row, currency, day),
        )

    def _cost(self, row: Row, currency: str, day: date) -> Decimal | None:
        """“the lines that have a cost (line's, else product's)”; S9: converted at the rate of the sale's date."""
        if row["unit_cost"] is not None:
            return self._rates.convert(times(row["quantity"], row["unit_cost"]), currency, day)
        product = self._products.get(row["product_id"] or "")
        if product is None or product["unit_cost"] is None:
            return None
        return self._rates.convert(times(row["quantity"], product["unit_cost"]), product["currency"], day)

    # ---- won deals ---------------------------------------------------------------------------------------------------

    def _from_deals(self) -> list[Sale]:
        """G2: “Deals: sold = amount, gross = list_amount (else amount), units NULL”; S13."""
        sales = []
        for deal in self._deals.values():
            if deal.state != "won" or deal.closed_on is None:
                continue
            gross = deal.list_amount if deal.list_amount is not None else deal.amount
            sold = self._rates.convert(deal.amount, deal.currency, deal.closed_on)
            line = SaleLine(
                line_id=deal.deal_id,
                product=deal.product,
                quantity=None,
                sold_original=deal.amount,
                sold=sold,
                gross=None if sold is None else self._rates.convert(gross, deal.currency, deal.closed_on),
                cost=None,
            )
            sales.append(
                Sale(
                    sale_id=deal.deal_id,
                    day=deal.closed_on,
                    instant=NO_INSTANT,
                    customer=self._accounts.survivor(deal.account),
                    currency=deal.currency,
                    deal_id=deal.deal_id,
                    credits=deal_credits(deal, self._splits),
                    lines=[line],
                    campaign=deal.campaign,
                )
            )
        return sales

    # ---- returns -----------------------------------------------------------------------------------------------------

    def _returns(self, sales: list[Sale]) -> list[Return]:
        """G3, S4, S5, S8: returns, allocated to lines.

        G3: “A return needs a completed order, else it is excluded … Without a line it is allocated over the order's
        lines by sold amount”; S4, S5, S8.
        """
        by_id = {sale.sale_id: sale for sale in sales}
        rows = sorted(self._tables["returns"].rows, key=lambda row: (row["returned_at"], row["return_id"]))
        returned = _ReturnedCost()
        returns = []
        for row in rows:
            day = self._clock.business_date(row["returned_at"])
            sale = by_id.get(row["order_id"])
            if sale is None or day > self._as_of:
                continue
            # G3: "at that date's exchange rate"
            refund = self._rates.convert(row["refund_amount"], sale.currency, day)
            lines = [line for line in sale.lines if line.line_id == row["order_line_id"]] or sale.lines
            if not lines:
                returns.append(
                    Return(row["return_id"], day, sale, None, refund, row["refund_amount"], row["quantity"], None)
                )
                continue
            weights = [line.sold_original or Decimal(0) for line in lines]
            refunds = allocate_known(refund, weights)
            originals = allocate_known(row["refund_amount"], weights)
            quantities = allocate_known(row["quantity"], weights)
            for line, money, original, units in zip(lines, refunds, originals, quantities, strict=True):
                cost = returned.reverse(line, units)
                returns.append(Return(row["return_id"], day, sale, line, money, original, units, cost))
        return returns


class _ReturnedCost:
    """S7: the cost of goods that returns reverse.

    S7: “of a line's returns in order of time, each takes the rounded-down share cost × returned / sold quantity; the
    return that completes the quantity takes the remainder; more than was sold: nothing … beyond the line's cost”.
    """

    def __init__(self) -> None:
        self._units: defaultdict[str, Decimal] = defaultdict(Decimal)
        self._cost: defaultdict[str, Decimal] = defaultdict(Decimal)

    def reverse(self, line: SaleLine, units: Decimal | None) -> Decimal | None:
        """Called for the returns of a line in order of time."""
        if line.cost is None:
            return None
        sold = line.quantity
        if units is None or sold is None or sold <= 0 or units == 0:
            return Decimal(0)
        before = self._units[line.line_id]
        self._units[line.line_id] = before + units
        if before >= sold:
            return Decimal(0)
        completes = before + units >= sold
        part = line.cost - self._cost[line.line_id] if completes else floor_share(line.cost, units, sold)
        self._cost[line.line_id] += part
        return part


def credited(amount: Decimal | None, shares: Credits) -> list[Decimal | None]:
    """G6, S11: money of a line or return, divided over the reps by share; the remainder to the last rep by id."""
    return allocate_known(amount, [share for _, share in shares])
