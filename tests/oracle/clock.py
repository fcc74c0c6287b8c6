"""Days, months and working days."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

ONE_DAY = timedelta(days=1)


class Clock:
    """G4: “Instants are UTC; the business date is the date in `var reporting_time_zone`”."""

    def __init__(self, zone: ZoneInfo) -> None:
        self.zone = zone
        self._dates: dict[datetime, date] = {}

    def business_date(self, instant: datetime) -> date:
        day = self._dates.get(instant)
        if day is None:
            try:
                day = instant.astimezone(self.zone).date()
            except OverflowError:
                day = instant.date()
            self._dates[instant] = day
        return day

    def today(self) -> date:
        """The run's own day: the one use of the real clock, as an upper bound of the as-of date."""
        return datetime.now(UTC).astimezone(self.zone).date()


def first_of_month(day: date) -> date:
    return day.replace(day=1)


def next_month(day: date) -> date:
    return add_months(day, 1)


def add_months(day: date, months: int) -> date:
    """The first day of the month `months` later."""
    index = day.year * 12 + day.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


def last_of_month(day: date) -> date:
    return next_month(day) - ONE_DAY


def months_between(first: date, last: date) -> int:
    return (last.year - first.year) * 12 + last.month - first.month


def days(first: date, last: date) -> Iterator[date]:
    """Every day from first to last, both included."""
    day = first
    while day <= last:
        yield day
        day += ONE_DAY


class Calendar:
    """The months of the marts, and the working days of a region."""

    def __init__(self, start_date: date, as_of: date, holidays: Iterable[tuple[date, str | None]]) -> None:
        self.as_of = as_of
        self.first_day = first_of_month(start_date)  # "calendars … run from its month to as_of_date's"
        self._holidays: dict[str | None, set[date]] = {}
        for day, region in holidays:
            self._holidays.setdefault(region, set()).add(day)
        self._working: dict[tuple[date, str | None], list[date]] = {}

    def months(self) -> list[date]:
        months, month = [], self.first_day
        while month <= self.as_of:
            months.append(month)
            month = next_month(month)
        return months

    def is_complete(self, month: date) -> bool:
        """G8: “`is_complete_period` = the period ended on or before as_of_date”."""
        return last_of_month(month) <= self.as_of

    def is_working_day(self, day: date, region: str | None) -> bool:
        """G4: “Monday–Friday without a holiday of the team's region or of NULL region”."""
        return (
            day.weekday() < 5
            and day not in self._holidays.get(None, ())
            and (region is None or day not in self._holidays.get(region, ()))
        )

    def working_days(self, month: date, region: str | None) -> list[date]:
        known = self._working.get((month, region))
        if known is None:
            known = [day for day in days(month, last_of_month(month)) if self.is_working_day(day, region)]
            self._working[(month, region)] = known
        return known

    def elapsed_working_days(self, day: date, region: str | None) -> int:
        """Working days of the day's month up to and including the day."""
        return sum(1 for working in self.working_days(first_of_month(day), region) if working <= day)
