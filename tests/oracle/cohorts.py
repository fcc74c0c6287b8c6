"""The mart `cohort_retention`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from .accounts import Accounts
from .arithmetic import ratio
from .clock import Calendar, add_months, first_of_month, months_between
from .kpi import share_of_people
from .parts import EMPTY, Cell, Measures, add_margin
from .rep_daily import Rows
from .sales import Sale, Sales
from .settings import UNASSIGNED
from .teams import Organisation

Dimension = Callable[[str, Sale], str]


class CustomerMonths:
    """What each customer bought, and returned, in each month."""

    def __init__(self, sales: Sales) -> None:
        self.bought: defaultdict[date, set[str]] = defaultdict(set)
        self.cells: defaultdict[tuple[str, date], Cell] = defaultdict(Cell)
        for sale in sales.sales:
            if sale.customer is not None:
                month = first_of_month(sale.day)
                self.bought[month].add(sale.customer)
                if not sale.lines:  # "a sale of 0"
                    self.cells[(sale.customer, month)].add_money("sold_amount", Decimal(0))
                for line in sale.lines:
                    cell = self.cells[(sale.customer, month)]
                    cell.add_money("sold_amount", line.sold)
                    add_margin(cell, line, line.sold, line.cost, sign=1)
        for returned in sales.returns:
            customer = returned.sale.customer
            if customer is not None:
                cell = self.cells[(customer, first_of_month(returned.day))]
                cell.add_money("returned_amount", returned.refund)
                if returned.line is not None:
                    add_margin(cell, returned.line, returned.refund, returned.cost, sign=-1)


def cohort_retention(
    sales: Sales,
    accounts: Accounts,
    organisation: Organisation,
    measures: Measures,
    calendar: Calendar,
    low_n_threshold: int,
) -> Rows:
    """One row per cohort month × dimension × month since the first purchase, up to the as-of date's month."""

    def team(customer: str, first: Sale) -> str:
        """“team = the account owner's on the first purchase day”."""
        owner = accounts.owner_on(customer, first.day)
        return UNASSIGNED if owner is None else organisation.team_of(owner, first.day)

    dimensions: dict[str, Dimension] = {
        "all": lambda customer, first: "all",
        "segment": lambda customer, first: accounts.segment(customer),
        "channel": lambda customer, first: accounts.channel(customer),
        "team": team,
    }
    months = CustomerMonths(sales)
    first_sales = sales.first_sales()
    rows: Rows = []
    for name, value_of in dimensions.items():
        cohorts: defaultdict[tuple[date, str], set[str]] = defaultdict(set)
        for customer, first in first_sales.items():
            cohorts[(first_of_month(first.day), value_of(customer, first))].add(customer)
        for (cohort_month, value), customers in sorted(cohorts.items()):
            rows += _cohort(cohort_month, name, value, customers, months, measures, calendar, low_n_threshold)
    return rows


def _cohort(
    cohort_month: date,
    dimension: str,
    value: str,
    customers: set[str],
    months: CustomerMonths,
    measures: Measures,
    calendar: Calendar,
    low_n_threshold: int,
) -> Rows:
    rows: Rows = []
    size, so_far, first_net = len(customers), Cell(), None
    for age in range(months_between(cohort_month, calendar.as_of) + 1):
        month = add_months(cohort_month, age)
        cell = Cell()
        for customer in customers:
            cell.merge(months.cells.get((customer, month), EMPTY))
        so_far.merge(cell)
        net = measures.net_revenue(cell)
        first_net = net if age == 0 else first_net
        active = len(customers & months.bought.get(month, set())) if measures.has_sales else None
        retention = share_of_people(active, size)
        row: dict[str, Any] = {
            "cohort_month": cohort_month,
            "dimension_name": dimension,
            "dimension_value": value,
            "months_since_first_purchase": age,
            "period_month": month,
            "is_complete": calendar.is_complete(month),
            "cohort_size": size,
            "active_customers": active,
            "retention_rate": retention.value,
            "net_revenue": net,
            "revenue_retention_rate": ratio(net, first_net),
            "gross_margin": measures.additive(cell)["gross_margin"],
            "cumulative_margin_per_customer": ratio(measures.additive(so_far)["gross_margin"], Decimal(size)),
            "retention_rate_low": retention.low,
            "retention_rate_high": retention.high,
            "retention_rate_is_low_n": size < low_n_threshold,
        }
        if not row["is_complete"]:
            row.update(dict.fromkeys(MEASURES))  # M3: "all measures NULL, not only the rates"
        if month >= calendar.first_day:  # S12: months before the calendar count for what follows, but have no row
            rows.append(row)
    return rows


MEASURES = (
    "active_customers",
    "retention_rate",
    "net_revenue",
    "revenue_retention_rate",
    "gross_margin",
    "cumulative_margin_per_customer",
    "retention_rate_low",
    "retention_rate_high",
)
