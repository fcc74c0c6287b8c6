"""What customers bring over their life, and when it has paid for winning them."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from .clock import add_months, first_of_month, months_between
from .cohorts import CustomerMonths
from .customers import EVERYBODY, Customers
from .kpi import NOTHING, Kpi, Kpis, quotient, share_of_people
from .parts import EMPTY, Cell
from .periods import Period
from .world import World


class LifetimeValue:
    def __init__(self, world: World, customers: Customers) -> None:
        self._world, self._customers = world, customers
        self.months = CustomerMonths(world.sales)
        self._cohorts: defaultdict[date, list[str]] = defaultdict(list)
        for customer, sale in customers.first_sales.items():
            self._cohorts[first_of_month(sale.day)].append(customer)
        self._lives: dict[date, tuple[int, Fraction | None]] = {}  # by the first of three months
        self._company: defaultdict[date, Cell] = defaultdict(Cell)
        for (_, _, day), cell in world.parts.cells.items():
            self._company[first_of_month(day)].merge(cell)

    # ---- the cohort of a period --------------------------------------------------------------------------------------

    def _members(self, period: Period) -> list[str]:
        return [customer for month in self._world.periods.months(period) for customer in self._cohorts[month]]

    def _has_lived(self, period: Period, age: int) -> bool:
        """G14: whether the whole cohort has lived through the month of an age."""
        return self._world.calendar.is_complete(add_months(period.months()[-1], age))

    def _cell(self, customers: list[str], age: int) -> Cell:
        """What customers brought in the month of an age."""
        cell = Cell()
        for customer in customers:
            month = add_months(self._customers.first_sales[customer].day, age)
            cell.merge(self.months.cells.get((customer, month), EMPTY))
        return cell

    def _margin(self, cell: Cell) -> Decimal | None:
        margin: Decimal | None = self._world.measures.additive(cell)["gross_margin"]
        return margin

    def _margin_to(self, customers: list[str], age: int) -> Decimal | None:
        cell = Cell()
        for month in range(age + 1):
            cell.merge(self._cell(customers, month))
        return self._margin(cell)

    def observed(self, period: Period) -> Kpi:
        """“of the cohort of the month: Σ gross margin to age `clv_horizon_months` / cohort size, NULL until lived”."""
        horizon, members = self._world.settings.clv_horizon_months, self._members(period)
        if not self._world.measures.has_goods or not self._has_lived(period, horizon):
            return NOTHING
        return quotient(self._margin_to(members, horizon), len(members))

    def payback_months(self, period: Period, cac: float | None) -> int | None:
        """“first age whose cumulative margin per customer ≥ cac, not yet: NULL”."""
        members = self._members(period)
        if cac is None or not members or not self._world.measures.has_goods:
            return None
        so_far = Cell()
        for age in range(months_between(period.start, self._world.calendar.as_of) + 1):
            if not self._has_lived(period, age):
                return None
            so_far.merge(self._cell(members, age))
            margin = self._margin(so_far)
            if margin is not None and Fraction(margin) / len(members) >= Fraction(cac):
                return age
        return None

    def retention(self, period: Period) -> Kpis:
        """`retention_rate` and `revenue_retention_rate` of the cohort of a period, at the age of the horizon."""
        horizon, members = self._world.settings.clv_horizon_months, self._members(period)
        if not self._world.measures.has_sales or not self._has_lived(period, horizon):
            return {"retention_rate": NOTHING, "revenue_retention_rate": NOTHING}
        active = sum(
            1
            for customer in members
            if customer in self.months.bought[add_months(self._customers.first_sales[customer].day, horizon)]
        )
        net = self._world.measures.net_revenue
        return {
            "retention_rate": share_of_people(active, len(members)),
            "revenue_retention_rate": quotient(net(self._cell(members, horizon)), net(self._cell(members, 0))),
        }

    # ---- projected ---------------------------------------------------------------------------------------------------

    def _trailing_months(self, last: date) -> list[date] | None:
        months = [add_months(last, -age) for age in (2, 1, 0)]
        complete = self._world.calendar.is_complete(last)
        return months if complete and months[0] >= self._world.calendar.first_day else None

    def _life(self, months: list[date]) -> tuple[int, Fraction | None]:
        if months[0] not in self._lives:
            self._lives[months[0]] = self._life_from(months)
        return self._lives[months[0]]

    def _life_from(self, months: list[date]) -> tuple[int, Fraction | None]:
        """M36: the customers at the start of each month, and “the expected life: those customers / those lost”."""
        retention = [
            self._customers.retention(Period("month", month), self._customers.everybody, EVERYBODY) for month in months
        ]
        at_start = sum(kpis["customers_at_start"].value for kpis in retention)
        lost = at_start - sum(kpis["customers_retained"].value for kpis in retention)
        longest = Fraction(self._world.settings.clv_max_months)
        if at_start == 0:
            return 0, None
        return at_start, longest if lost == 0 else min(longest, Fraction(at_start, lost))

    def projected(self, period: Period) -> Kpis:
        """“trailing 3 months' margin per active customer × least(1 / monthly customer churn, `clv_max_months`)”.

        M36: “NULL in an open period”.
        """
        months = self._trailing_months(period.months()[-1])
        if months is None or not self._world.measures.has_goods:
            return {"clv_projected": NOTHING, "trailing_customers": NOTHING}
        cell = Cell()
        for month in months:
            cell.merge(self._company[month])
        margin = self._margin(cell)
        at_start, life = self._life(months)
        times_life = None if margin is None or life is None else Fraction(margin) * life
        return {
            "clv_projected": _as_doubles(quotient(times_life, at_start)),
            "trailing_customers": Kpi(at_start),
        }

    def of_customer(self, customer: str) -> dict[str, Any]:
        """M37: “its own margin of the trailing three complete months / 3, times the company's expected life”."""
        calendar, horizon = self._world.calendar, self._world.settings.clv_horizon_months
        observed, projected = None, None
        first = self._customers.first_sales.get(customer)
        if not self._world.measures.has_goods:
            return {"clv_observed": None, "clv_projected": None}
        if first is not None and calendar.is_complete(add_months(first.day, horizon)):
            observed = self._margin_to([customer], horizon)
        last = calendar.months()[-1]
        months = self._trailing_months(last if calendar.is_complete(last) else add_months(last, -1))
        if months is not None and customer in self._customers.active_on(calendar.as_of):
            cell = Cell()
            for month in months:
                cell.merge(self.months.cells.get((customer, month), EMPTY))
            margin, (_, life) = self._margin(cell), self._life(months)
            projected = None if margin is None or life is None else float(Fraction(margin) / 3 * life)
        return {"clv_observed": observed, "clv_projected": projected}


def _as_doubles(kpi: Kpi) -> Kpi:
    numerator = None if kpi.numerator is None else float(kpi.numerator)
    return Kpi(kpi.value, numerator, kpi.denominator)
