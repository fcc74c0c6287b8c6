"""Units that come back: by month of sale, and as a flow by return date."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from .kpi import NOTHING, Kpi, quotient
from .periods import Period
from .sales import Sale
from .settings import UNKNOWN
from .world import World


@dataclass(frozen=True)
class Units:
    """Units sold on a day, or sold on that day and returned in time."""

    day: date
    product: str
    segment: str
    sold: Decimal
    returned_in_time: Decimal


class ReturnWindows:
    def __init__(self, world: World) -> None:
        self._world = world
        self.is_known = world.measures.has_goods and world.measures.has_returns
        self._by_month: defaultdict[date, list[Units]] = defaultdict(list)
        for units in self._units():
            self._by_month[units.day.replace(day=1)].append(units)

    def _units(self) -> Iterable[Units]:
        sales = self._world.sales
        for sale in sales.sales:
            for line in sale.lines:
                yield self._of(sale, line.product, line.quantity or Decimal(0), Decimal(0))
            if not sale.lines:  # “a sale of 0”
                yield self._of(sale, None, Decimal(0), Decimal(0))
        for returned in sales.returns:
            if self._is_in_time(returned.sale.day, returned.day):  # S8: also of a sale without a line
                product = None if returned.line is None else returned.line.product
                yield self._of(returned.sale, product, Decimal(0), returned.units or Decimal(0))

    def _of(self, sale: Sale, product: str | None, sold: Decimal, returned: Decimal) -> Units:
        segment = UNKNOWN if sale.customer is None else self._world.accounts.segment(sale.customer)
        return Units(sale.day, product or UNKNOWN, segment, sold, returned)

    def _is_in_time(self, sold_on: date, returned_on: date) -> bool:
        """G8: “”within N days“ of D is 0 to N days after it, both included”."""
        return sold_on <= returned_on <= sold_on + timedelta(days=self._world.settings.return_window_days)

    def _of_period(self, period: Period) -> list[Units]:
        return [units for month in self._world.periods.months(period) for units in self._by_month[month]]

    def segments(self, period: Period) -> set[str]:
        return {units.segment for units in self._of_period(period)}

    def products(self, period: Period) -> set[str]:
        return {units.product for units in self._of_period(period)}

    def rate(self, period: Period, product: str | None = None, segment: str | None = None) -> Kpi:
        """“returned units / sold units by month of **sale**, within `return_window_days`, G14”.

        M30: its parts are NULL “until the window after the period has passed”.
        """
        window = timedelta(days=self._world.settings.return_window_days)
        if not self.is_known or period.last + window > self._world.calendar.as_of:
            return NOTHING
        found = [
            units
            for units in self._of_period(period)
            if product in (None, units.product) and segment in (None, units.segment)
        ]
        return quotient(
            sum((units.returned_in_time for units in found), Decimal(0)),
            sum((units.sold for units in found), Decimal(0)),
        )

    def returned_units(self, period: Period, product: str | None = None) -> Kpi:
        """“plus the flow by return date”."""
        if not self.is_known:
            return NOTHING
        periods = self._world.periods
        first, last = periods.first_day(period), periods.last_day(period)
        return Kpi(
            sum(
                (
                    returned.units or Decimal(0)
                    for returned in self._world.sales.returns
                    if first <= returned.day <= last and product in (None, product_of(returned.line))
                ),
                Decimal(0),
            )
        )


def product_of(line: object) -> str:
    return getattr(line, "product", None) or UNKNOWN
