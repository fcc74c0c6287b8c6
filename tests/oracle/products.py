"""The mart `product_monthly_kpis`, and what prices, volumes, the mix and currencies changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from .arithmetic import half_up_fraction
from .kpi import NOTHING, Kpi, Kpis, quotient
from .parts import Cell, add_margin, minus
from .periods import Period
from .returns import ReturnWindows, product_of
from .settings import UNKNOWN
from .world import World

EFFECTS = ("price_effect", "volume_effect", "mix_effect", "fx_effect")
ZERO = Decimal(0)


@dataclass
class Trade:
    """A product in one currency in a period: net units, and net revenue in that currency and converted."""

    units: Decimal = ZERO
    original: Decimal = ZERO
    converted: Decimal = ZERO

    def is_priced(self) -> bool:
        """“New, discontinued, unit-less, … q ≤ 0: all of it is mix”; so is what has no price or no exchange rate."""
        return self.units > 0 and self.original != 0 and self.converted != 0


Trades = dict[tuple[str, str], Trade]  # by product and currency


class Products:
    def __init__(self, world: World, returns: ReturnWindows) -> None:
        self._world, self._returns = world, returns
        self._cells: defaultdict[tuple[str, date], Cell] = defaultdict(Cell)
        self._trades: defaultdict[date, Trades] = defaultdict(dict)
        self._products = {row["product_id"]: row for row in world.tables["products"].rows}
        for sale in world.sales.sales:
            month = sale.day.replace(day=1)
            for line in sale.lines:
                cell = self._cells[(product_of(line), month)]
                cell.add("units_sold", line.quantity)
                cell.add_money("gross_revenue", line.gross)
                cell.add_money("sold_amount", line.sold)
                cell.add_money("discount_amount", minus(line.gross, line.sold))
                add_margin(cell, line, line.sold, line.cost, sign=1)
                trade = self._trades[month].setdefault((product_of(line), sale.currency), Trade())
                trade.units += line.quantity or 0
                trade.original += line.sold_original or 0
                trade.converted += line.sold or 0
            if not sale.lines:
                for measure in ("gross_revenue", "sold_amount", "discount_amount"):
                    self._cells[(UNKNOWN, month)].add_money(measure, ZERO)
        for returned in world.sales.returns:
            month, product = returned.day.replace(day=1), product_of(returned.line)
            cell = self._cells[(product, month)]
            cell.add_money("returned_amount", returned.refund)
            cell.add("returned_units", returned.units)
            if returned.line is not None:
                add_margin(cell, returned.line, returned.refund, returned.cost, sign=-1)
            trade = self._trades[month].setdefault((product, returned.sale.currency), Trade())
            trade.units -= returned.units or 0
            trade.original -= returned.refund_original or 0
            trade.converted -= returned.refund or 0

    # ---- effects -----------------------------------------------------------------------------------------------------

    def _trades_of(self, period: Period) -> Trades:
        sums: Trades = {}
        for month in self._world.periods.months(period):
            for key, trade in self._trades[month].items():
                total = sums.setdefault(key, Trade())
                total.units += trade.units
                total.original += trade.original
                total.converted += trade.converted
        return sums

    def effects(self, period: Period) -> dict[str, dict[str, Decimal]] | None:
        """The effects by product; M29: “NULL in the first month and in an open one”."""
        periods, previous = self._world.periods, period.previous()
        if not self._world.measures.has_goods or not periods.is_complete(period) or not periods.is_comparable(previous):
            return None
        before, after = self._trades_of(previous), self._trades_of(period)
        both = [key for key in before if key in after and before[key].is_priced() and after[key].is_priced()]
        whole_before = sum((before[key].units for key in both), ZERO)
        whole_after = sum((after[key].units for key in both), ZERO)
        effects: defaultdict[str, dict[str, Decimal]] = defaultdict(lambda: dict.fromkeys(EFFECTS, ZERO))
        for key in before.keys() | after.keys():
            found = _effects(
                before.get(key, Trade()), after.get(key, Trade()), whole_before, whole_after, compared=key in both
            )
            for name, amount in found.items():
                effects[key[0]][name] += amount
        return dict(effects)

    def company_effects(self, period: Period) -> Kpis:
        effects = self.effects(period)
        if effects is None:
            return dict.fromkeys(EFFECTS, NOTHING)
        return {name: Kpi(sum((of[name] for of in effects.values()), ZERO)) for name in EFFECTS}

    # ---- the mart ----------------------------------------------------------------------------------------------------

    def _names(self) -> Iterable[str]:
        """Every product, also those that only a sale, deal or review mentions."""
        world, as_of = self._world, self._world.calendar.as_of
        mentioned = {row["product_id"] for row in world.tables["order_lines"].rows}
        mentioned |= {deal.product for deal in world.deals.values()}
        mentioned |= {row["product_id"] for row in world.tables["subscriptions"].rows if row["started_on"] <= as_of}
        mentioned |= {
            row["product_id"]
            for row in world.tables["reviews"].rows
            if world.clock.business_date(row["reviewed_at"]) <= as_of
        }
        sold = {product for product, _ in self._cells}  # `unknown` where a sale names none
        return sorted({one for one in mentioned if one is not None} | self._products.keys() | sold)

    def rows(self) -> list[tuple[dict[str, Any], Kpis]]:
        rows = []
        for period in self._world.periods.all("month"):
            effects = self.effects(period)
            for product in self._names():
                row = self._products.get(product)
                key = {
                    "month": period.start,
                    "product_id": product,
                    "product_name": row["product_name"] if row else product,
                    "category": row["category"] if row else None,
                }
                rows.append((key, self._kpis(period, product, effects)))
        return rows

    def _kpis(self, period: Period, product: str, effects: dict[str, dict[str, Decimal]] | None) -> Kpis:
        measures, cell = self._world.measures, self._cells[(product, period.start)]
        none: dict[str, Decimal] = dict.fromkeys(EFFECTS, ZERO)
        values = measures.additive(cell)
        names = ("units_sold", "gross_revenue", "discount_amount", "sold_amount", "returned_amount", "net_revenue")
        costed = cell.money("costed_net_revenue") if measures.has_goods else None
        return {
            **{name: Kpi(values[name]) for name in (*names, "cost_of_goods", "gross_margin")},
            "gross_margin_rate": quotient(values["gross_margin"], costed),
            "return_rate": self._returns.rate(period, product=product),
            "returned_units": Kpi(cell["returned_units"] if self._returns.is_known else None),
            **{name: Kpi(None if effects is None else effects.get(product, none)[name]) for name in EFFECTS},
        }


def _effects(
    before: Trade, after: Trade, whole_before: Decimal, whole_after: Decimal, compared: bool
) -> dict[str, Decimal]:
    """The formulas: volume = (Q1/Q0 − 1)·q0·P0·r0; price = q1·(P1 − P0)·r0; fx = q1·P1·(r1 − r0); mix = the rest.

    q0·P0 is the revenue before in its currency, q0·P0·r0 the converted one. M29: “each rounded to 4 decimals”.
    """
    change = after.converted - before.converted
    price = volume = fx = ZERO
    if compared and whole_before > 0:
        q0, q1 = Fraction(before.units), Fraction(after.units)
        p0, p1 = Fraction(before.original) / q0, Fraction(after.original) / q1
        r0 = Fraction(before.converted) / Fraction(before.original)
        r1 = Fraction(after.converted) / Fraction(after.original)
        volume = half_up_fraction((Fraction(whole_after) / Fraction(whole_before) - 1) * q0 * p0 * r0)
        price = half_up_fraction(q1 * (p1 - p0) * r0)
        fx = half_up_fraction(q1 * p1 * (r1 - r0))
    return {
        "price_effect": price,
        "volume_effect": volume,
        "fx_effect": fx,
        "mix_effect": change - price - volume - fx,
    }
