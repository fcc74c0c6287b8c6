"""G9: "All additive parts exist once at rep × team-at-event × day"; every mart sums the same parts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from .arithmetic import Number, Rates, ratio
from .clock import Clock
from .contract import Row
from .deals import Deal, amount_on_close
from .leads import Person
from .sales import Return, Sale, SaleLine, Sales, credited
from .settings import Settings
from .teams import Organisation, Tables

# the columns of the marts that are sums of parts, in the order of the specification
ADDITIVE = (
    "leads_created",
    "leads_converted",
    "opportunities_created",
    "opportunities_won",
    "opportunities_lost",
    "won_amount",
    "lost_amount",
    "calls",
    "connected_calls",
    "meetings",
    "held_meetings",
    "emails",
    "demos",
    "call_seconds",
    "meeting_seconds",
    "sales_count",
    "basket_count",
    "units_sold",
    "gross_revenue",
    "discount_amount",
    "sold_amount",
    "returned_amount",
    "net_revenue",
    "cost_of_goods",
    "gross_margin",
    "new_customers",
)


class Cell:
    """The sums of some parts; what was never added is 0."""

    __slots__ = ("sums",)

    def __init__(self) -> None:
        self.sums: dict[str, Decimal] = {}

    def add(self, measure: str, amount: Decimal | int | None) -> None:
        """A NULL term counts 0."""
        if amount is not None:
            self.sums[measure] = self.sums.get(measure, Decimal(0)) + amount

    def add_money(self, measure: str, amount: Decimal | None) -> None:
        """Money that may be unknown: no rate (G5), or a won deal without an amount (S13)."""
        self.add(measure, amount)
        self.add(f"{measure}: rows", 1)
        self.add(f"{measure}: known rows", int(amount is not None))

    def __getitem__(self, measure: str) -> Decimal:
        return self.sums.get(measure, Decimal(0))

    def is_unknown(self, *measures: str) -> bool:
        """Whether there are amounts and not one of them is known: a sum of nothing known is unknown, not 0."""
        rows = [self.sums.get(f"{measure}: rows") for measure in measures]
        return any(rows) and not any(self.sums.get(f"{measure}: known rows") for measure in measures)

    def money(self, measure: str) -> Decimal | None:
        """The sum of the known amounts; 0 where there is no amount at all."""
        return None if self.is_unknown(measure) else self[measure]

    def merge(self, other: Cell) -> None:
        for measure, amount in other.sums.items():
            self.add(measure, amount)


EMPTY = Cell()


class Parts:
    """Every part of every KPI at rep × team × day."""

    def __init__(self, organisation: Organisation) -> None:
        self._organisation = organisation
        self.cells: defaultdict[tuple[str, str, date], Cell] = defaultdict(Cell)

    def cell(self, rep: str, day: date, team_on: date | None = None) -> Cell:
        """The cell of a rep and day; the team is the rep's on `team_on`, the day itself unless given."""
        return self.cells[(rep, self._organisation.team_of(rep, team_on or day), day)]

    def sum_by_rep_day(self) -> dict[tuple[str, date], Cell]:
        return self._sum(((rep, day), cell) for (rep, _, day), cell in self.cells.items())

    def sum_by_team_day(self) -> dict[tuple[str, date], Cell]:
        return self._sum(((team, day), cell) for (_, team, day), cell in self.cells.items())

    @staticmethod
    def _sum(keyed: Iterable[tuple[tuple[str, date], Cell]]) -> dict[tuple[str, date], Cell]:
        sums: defaultdict[tuple[str, date], Cell] = defaultdict(Cell)
        for key, cell in keyed:
            sums[key].merge(cell)
        return dict(sums)


# ---- what each event adds --------------------------------------------------------------------------------------------


def add_persons(parts: Parts, persons: Iterable[Person], settings: Settings) -> None:
    """Leads count on the creation date, conversions on the conversion date, each for the rep's team of that date."""
    for person in persons:
        cell = parts.cell(person.owner, person.created_on)
        cell.add("leads_created", 1)
        cell.add("leads_bought_in_time", int(person.converted_within(settings.lead_conversion_days)))
        if person.converted_on is not None:
            parts.cell(person.owner, person.converted_on).add("leads_converted", 1)


def add_deals(parts: Parts, deals: Iterable[Deal], rates: Rates) -> None:
    """G10: “deal counts, won and lost amounts and pipeline belong whole to the deal's owner”."""
    for deal in deals:
        if deal.state == "closed_without_date":
            continue
        if deal.created_on is not None:
            parts.cell(deal.owner, deal.created_on).add("opportunities_created", 1)
        if deal.closed_on is not None:
            cell = parts.cell(deal.owner, deal.closed_on)
            cell.add(f"opportunities_{deal.state}", 1)
            cell.add_money(f"{deal.state}_amount", amount_on_close(deal, rates))


_COUNTED_AS = {"call": "calls", "meeting": "meetings", "email": "emails", "demo": "demos"}


def add_activities(parts: Parts, tables: Tables, clock: Clock, as_of: date) -> None:
    """“`calls`, `meetings` count all”; planned activities decide nothing."""
    for row in tables["activities"].rows:
        day = clock.business_date(row["started_at"])
        if day > as_of:
            continue
        cell = parts.cell(row["rep_id"], day)
        cell.add("activities", 1)
        if row["activity_type"] in _COUNTED_AS:
            cell.add(_COUNTED_AS[row["activity_type"]], 1)
        if row["activity_type"] == "call":
            _add_talk(cell, row, "call", "connected_calls", _is_connected(row))
        elif row["activity_type"] == "meeting":
            _add_talk(cell, row, "meeting", "held_meetings", _is_held(row))


def _is_connected(row: Row) -> bool:
    """“outcome `connected`, or outcome NULL and duration > 0”."""
    return row["outcome"] == "connected" or (row["outcome"] is None and (row["duration_seconds"] or 0) > 0)


def _is_held(row: Row) -> bool:
    """“outcome `held`, or outcome NULL”."""
    return row["outcome"] in ("held", None)


def _add_talk(cell: Cell, row: Row, kind: str, counted: str, counts: bool) -> None:
    """Durations of all calls or meetings, and those of the connected or held ones with a duration > 0."""
    seconds = row["duration_seconds"]
    cell.add(counted, int(counts))
    cell.add(f"{kind}_seconds", seconds)
    cell.add(f"{kind}s_with_duration", int(seconds is not None))
    if counts and seconds:
        cell.add(f"{kind}_average_seconds", seconds)
        cell.add(f"{kind}_average_count", 1)


def add_sales(parts: Parts, sales: Sales) -> None:
    """Sales on their day, credited by share; “Splits share sales and first sales only”."""
    first = {sale.sale_id for sale in sales.first_sales().values()}
    for sale in sales.sales:
        _add_sale(parts, sale, sale.sale_id in first)
    for returned in sales.returns:
        _add_return(parts, returned)


def _add_sale(parts: Parts, sale: Sale, is_first: bool) -> None:
    cells = [parts.cell(rep, sale.day) for rep, _ in sale.credits]
    for cell, (_, share) in zip(cells, sale.credits, strict=True):
        cell.add("sales_count", share)
        cell.add("new_customers", share if is_first else None)
        if sale.sold > 0:  # "the sales of the period with a sold amount > 0"
            cell.add("basket_count", share)
        if not sale.lines:  # "a sale of 0"
            for measure in ("gross_revenue", "sold_amount", "discount_amount"):
                cell.add_money(measure, Decimal(0))
    for line in sale.lines:
        sold, gross = credited(line.sold, sale.credits), credited(line.gross, sale.credits)
        cost, units = credited(line.cost, sale.credits), credited(line.quantity, sale.credits)
        for place, cell in enumerate(cells):
            cell.add("units_sold", units[place])
            cell.add_money("gross_revenue", gross[place])
            cell.add_money("sold_amount", sold[place])
            cell.add_money("discount_amount", minus(gross[place], sold[place]))
            cell.add("basket_amount", sold[place] if sale.sold > 0 else None)
            add_margin(cell, line, sold[place], cost[place], sign=1)


def _add_return(parts: Parts, returned: Return) -> None:
    """G3: “on the return date … against the rep and team of the original sale”."""
    sale = returned.sale
    refund = credited(returned.refund, sale.credits)
    cost = credited(returned.cost, sale.credits)
    for place, (rep, _) in enumerate(sale.credits):
        cell = parts.cell(rep, returned.day, team_on=sale.day)
        cell.add_money("returned_amount", refund[place])
        if returned.line is not None:
            add_margin(cell, returned.line, refund[place], cost[place], sign=-1)


def minus(left: Decimal | None, right: Decimal | None) -> Decimal | None:
    return None if left is None or right is None else left - right


def add_margin(cell: Cell, line: SaleLine, net: Decimal | None, cost: Decimal | None, sign: int) -> None:
    """“net revenue − cost of goods over the lines that have a cost”; the rate's denominator is those lines' net.

    M9: `cost_of_goods` sums every known cost; the margin takes the lines of which both revenue and cost are known.
    """
    cell.add_money("cost_of_goods", None if cost is None else sign * cost)
    known = None if line.cost is None or line.sold is None or cost is None or net is None else (net - cost, net)
    cell.add_money("gross_margin", None if known is None else sign * known[0])
    cell.add_money("costed_net_revenue", None if known is None else sign * known[1])


# ---- what a mart shows of them ---------------------------------------------------------------------------------------


class Measures:
    """G7: which columns exist at all (“one of them not supplied makes it NULL everywhere”), and their values."""

    def __init__(self, tables: Tables, sales: Sales) -> None:
        # “(`orders` + `order_lines`)”: one without the other says nothing of sales
        has_sales = has_money = sales.basis is not None and sales.has_money
        has_goods = has_money and sales.basis == "orders"  # S2
        has_deals = tables["opportunities"].is_supplied
        has_activities = tables["activities"].is_supplied
        has_leads = tables["leads"].is_supplied
        self.has_leads, self.has_deals, self.has_activities, self.has_money = (
            has_leads,
            has_deals,
            has_activities,
            has_money,
        )
        self.has_sales, self.has_goods = has_sales, has_goods
        self.has_returns = has_money and sales.has_returns
        self.has_targets = tables["targets"].is_supplied
        self.has_reps = tables["reps"].is_supplied

    def net_revenue(self, cell: Cell) -> Decimal | None:
        """G2 “net revenue = sold − returned”; G7 “without `returns`, `returned_amount` is NULL and net = sold”."""
        if not self.has_money or cell.is_unknown("sold_amount", "returned_amount"):
            return None
        return cell["sold_amount"] - cell["returned_amount"]

    def additive(self, cell: Cell) -> dict[str, Any]:
        """The additive columns of a cell; an empty one is 0, an unavailable one NULL."""
        leads, deals, acts = self.has_leads or None, self.has_deals or None, self.has_activities or None
        sales, money, goods = self.has_sales or None, self.has_money or None, self.has_goods or None
        values: dict[str, Any] = {
            "leads_created": leads and int(cell["leads_created"]),
            "leads_converted": leads and int(cell["leads_converted"]),
        }
        for name in ("opportunities_created", "opportunities_won", "opportunities_lost"):
            values[name] = deals and int(cell[name])
        for name in ("won_amount", "lost_amount"):
            values[name] = deals and cell.money(name)
        for name in ("calls", "connected_calls", "meetings", "held_meetings", "emails", "demos"):
            values[name] = acts and int(cell[name])
        for kind in ("call", "meeting"):
            missing = cell[f"{kind}s"] > 0 and cell[f"{kind}s_with_duration"] == 0
            values[f"{kind}_seconds"] = None if missing or not acts else int(cell[f"{kind}_seconds"])
        for name in ("sales_count", "new_customers"):
            values[name] = sales and cell[name]
        values["basket_count"] = money and cell["basket_count"]
        for name in ("gross_revenue", "discount_amount", "sold_amount"):
            values[name] = money and cell.money(name)
        values["units_sold"] = goods and cell["units_sold"]
        values["returned_amount"] = cell.money("returned_amount") if self.has_returns else None
        values["net_revenue"] = self.net_revenue(cell)
        for name in ("cost_of_goods", "gross_margin"):
            values[name] = goods and cell.money(name)
        return {name: values[name] for name in ADDITIVE}

    def win_rate(self, cell: Cell) -> float | None:
        """“won / (won + lost) … None closed: NULL; only lost: 0; only won: 1”."""
        won, lost = cell["opportunities_won"], cell["opportunities_lost"]
        return ratio(won, won + lost) if self.has_deals else None

    def closed(self, cell: Cell) -> int | None:
        return int(cell["opportunities_won"] + cell["opportunities_lost"]) if self.has_deals else None

    def call_connect_rate(self, cell: Cell) -> float | None:
        """Those that connected of all; no call: NULL."""
        return ratio(cell["connected_calls"], cell["calls"]) if self.has_activities else None

    def average_minutes(self, cell: Cell, kind: str) -> float | None:
        """“Σ duration / count over connected calls / held meetings with a duration > 0”, in minutes."""
        if not self.has_activities:
            return None
        return ratio(cell[f"{kind}_average_seconds"], 60 * cell[f"{kind}_average_count"])

    def minutes(self, cell: Cell, kind: str) -> dict[str, Any]:
        """The parts of `average_minutes`."""
        name, known = f"average_{kind}_minutes", self.has_activities
        return {
            f"{name}_numerator": float(Fraction(cell[f"{kind}_average_seconds"]) / 60) if known else None,
            f"{name}_denominator": int(cell[f"{kind}_average_count"]) if known else None,
        }

    def basket_amount(self, cell: Cell) -> Decimal | None:
        return cell["basket_amount"] if self.has_money else None

    def costed_net_revenue(self, cell: Cell) -> Decimal | None:
        return cell.money("costed_net_revenue") if self.has_goods else None

    def average_basket(self, cell: Cell) -> float | None:
        """“sold amount / `basket_count`, the sales of the period with a sold amount > 0”."""
        return ratio(cell["basket_amount"], cell["basket_count"]) if self.has_money else None

    def gross_margin_rate(self, cell: Cell) -> float | None:
        return ratio(cell.money("gross_margin"), cell.money("costed_net_revenue")) if self.has_goods else None


def scaled(value: Number | None, numerator: int, denominator: int) -> Number | None:
    """Value × numerator / denominator, exactly; None where nothing can be said."""
    return None if value is None or denominator == 0 else Fraction(value) * numerator / denominator
