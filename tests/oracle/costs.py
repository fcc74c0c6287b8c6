"""Operating costs and campaign spend."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal

from .clock import first_of_month
from .kpi import NOTHING, Kpi, Kpis, quotient
from .parts import Cell
from .periods import Period
from .world import World


class Costs:
    """“Function (sales, marketing, other) and behaviour (fixed, variable) are two cuts of the same costs”."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._cells: defaultdict[date, Cell] = defaultdict(Cell)
        as_of = world.calendar.as_of
        for row in world.tables["operating_costs"].rows:
            if row["cost_month"] <= as_of:
                amount = world.rates.convert(row["amount"], row["currency"], row["cost_month"])
                cell = self._cells[first_of_month(row["cost_month"])]
                for cut in ("operating", row["cost_category"], row["cost_behaviour"]):
                    cell.add_money(cut, amount)
        for row in world.tables["campaign_spend"].rows:
            if row["spend_date"] <= as_of:
                amount = world.rates.convert(row["amount"], row["currency"], row["spend_date"])
                self._cells[first_of_month(row["spend_date"])].add_money("spend", amount)

    def _cell(self, period: Period) -> Cell:
        cell = Cell()
        for month in self._world.periods.months(period):
            if month in self._cells:
                cell.merge(self._cells[month])
        return cell

    def spend(self, period: Period) -> Decimal | None:
        return self._cell(period).money("spend") if self._world.has("campaign_spend") else None

    def kpis(self, period: Period) -> Kpis:
        """“campaign spend is variable marketing”; a NULL term counts 0 (G7)."""
        cell, names = self._cell(period), ("sales", "marketing", "other", "fixed", "variable")
        spend = {"campaign_spend": Kpi(self.spend(period))}
        if not self._world.has("operating_costs"):
            return spend | dict.fromkeys([f"{name}_costs" for name in ("total", "operating", *names)], NOTHING)
        return spend | {
            "total_costs": Kpi(_sum(cell, "operating", "spend")),
            "operating_costs": Kpi(_sum(cell, "operating")),
            "sales_costs": Kpi(_sum(cell, "sales")),
            "marketing_costs": Kpi(_sum(cell, "marketing", "spend")),
            "other_costs": Kpi(_sum(cell, "other")),
            "fixed_costs": Kpi(_sum(cell, "fixed")),
            "variable_costs": Kpi(_sum(cell, "variable", "spend")),
        }

    def cac(self, period: Period, new_customers: Decimal | None) -> Kpis:
        """“(operating costs of category sales and marketing + campaign spend) / new customers; spend only”."""
        costs = self.kpis(period)
        sales, marketing = costs["sales_costs"].value, costs["marketing_costs"].value
        known = sales is not None and marketing is not None and self._world.measures.has_sales
        return {
            "cac": quotient(sales + marketing if known else None, new_customers),
            "cac_paid": quotient(self.spend(period), new_customers),
        }

    def net_margin(self, period: Period, gross_margin: Decimal | None, net_revenue: Decimal | None) -> Kpis:
        """“gross margin − operating costs − campaign spend”."""
        total = self.kpis(period)["total_costs"].value
        margin = None if gross_margin is None or total is None else gross_margin - total
        return {"net_margin": Kpi(margin), "net_margin_rate": quotient(margin, net_revenue)}


def _sum(cell: Cell, *cuts: str) -> Decimal | None:
    """M7: NULL where there are amounts and none is known."""
    return None if cell.is_unknown(*cuts) else sum((cell[cut] for cut in cuts), Decimal(0))
