"""Months, quarters and years of the calendar."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from .clock import ONE_DAY, Calendar, add_months, days, last_of_month

MONTHS = {"month": 1, "quarter": 3, "year": 12}  # M35: calendar quarters and years


class Period(NamedTuple):
    kind: str
    start: date

    @property
    def last(self) -> date:
        return last_of_month(add_months(self.start, MONTHS[self.kind] - 1))

    @property
    def evening_before(self) -> date:
        return self.start - ONE_DAY

    def earlier(self, months: int) -> Period:
        return Period(self.kind, add_months(self.start, -months))

    def previous(self) -> Period:
        return self.earlier(MONTHS[self.kind])

    def months(self) -> list[date]:
        return [add_months(self.start, month) for month in range(MONTHS[self.kind])]


def period_of(kind: str, day: date) -> Period:
    return Period(kind, date(day.year, (day.month - 1) // MONTHS[kind] * MONTHS[kind] + 1, 1))


@dataclass(frozen=True)
class Periods:
    """“calendars and company rows run from its month to as_of_date's”."""

    calendar: Calendar

    def all(self, kind: str) -> list[Period]:
        return list(dict.fromkeys(period_of(kind, month) for month in self.calendar.months()))

    def first_day(self, period: Period) -> date:
        """M47: a quarter in which the calendar begins “has a row, without what is before the calendar”."""
        return max(period.start, self.calendar.first_day)

    def last_day(self, period: Period) -> date:
        """The end of a complete period, the as-of date in an open one."""
        return min(period.last, self.calendar.as_of)

    def is_complete(self, period: Period) -> bool:
        """G8: “`is_complete_period` = the period ended on or before as_of_date”."""
        return period.last <= self.calendar.as_of

    def is_partial(self, period: Period) -> bool:
        """M47: “part of a quarter is no quarter”, whether `start_date` or the first event begins the calendar in it."""
        return period.start < self.calendar.first_day <= period.last

    def is_comparable(self, period: Period) -> bool:
        """Whether later periods may be compared with it."""
        return period.last >= self.calendar.first_day and not self.is_partial(period)

    def months(self, period: Period) -> list[date]:
        """Its months in the calendar."""
        return [month for month in period.months() if self.calendar.first_day <= month <= self.calendar.as_of]

    def working_days(self, period: Period, region: str | None) -> list[date]:
        return [day for month in period.months() for day in self.calendar.working_days(month, region)]

    def elapsed_days(self, period: Period) -> int:
        return (self.last_day(period) - self.first_day(period)).days + 1

    def days(self, period: Period) -> Iterator[date]:
        return days(self.first_day(period), self.last_day(period))
