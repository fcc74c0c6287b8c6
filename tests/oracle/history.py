"""Which team a rep was in, and which rep owned an account, on a day."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from .clock import Clock
from .raw import Key, Table, Version


@dataclass(frozen=True)
class Span:
    """A value from a day, until an exclusive day (None: still)."""

    valid_from: date
    valid_to: date | None
    value: str | None


class History:
    """The values of one thing over time.

    C2: “the later `valid_from` wins from its day on; the earlier does not come back”. C3, C4: a gap and the time after
    the last end have no value. G9, C5: “Before the first known …: the first one”; a version without a value is one.
    """

    def __init__(self, spans: Iterable[Span]) -> None:
        real = [span for span in spans if span.valid_to is None or span.valid_to > span.valid_from]
        real.sort(key=lambda span: span.valid_from)
        self._spans = real
        self._starts = [span.valid_from for span in real]

    def values(self) -> set[str]:
        return {span.value for span in self._spans if span.value is not None}

    def is_before_first(self, day: date) -> bool:
        return bool(self._starts) and day < self._starts[0]

    def at(self, day: date) -> str | None:
        if not self._spans:
            return None
        place = bisect_right(self._starts, day)
        if place == 0:
            return self._spans[0].value
        span = self._spans[place - 1]
        return span.value if span.valid_to is None or day < span.valid_to else None


def from_versions(versions: Iterable[Version], column: str, clock: Clock) -> History:
    """“Where a CRM keeps no history it is rebuilt from the versions (updated_at); with one version, for all time”.

    C15: the first version is all that is known of the time before it.
    """
    by_day: dict[date, str | None] = {}
    for version in versions:
        if not version.is_deleted:
            day = date.min if version.updated_at is None else clock.business_date(version.updated_at)
            by_day[day] = version.texts.get(column)
    first = min(by_day, default=None)
    return History(Span(date.min if day == first else day, None, value) for day, value in by_day.items())


class Histories:
    """A supplied history table, else (C1: per thing without a row in it) the versions of the thing itself."""

    def __init__(
        self, history: Table, columns: tuple[str, str], things: Table, column: str, clock: Clock, as_of: date
    ) -> None:
        spans: defaultdict[str, list[Span]] = defaultdict(list)
        of, value = columns
        for row in history.rows:
            if row["valid_from"] > as_of:
                continue  # G8: what starts after the as-of date does not exist
            spans[row[of]].append(Span(row["valid_from"], row["valid_to"], row[value]))
        self._histories: dict[Key, History] = {
            key: from_versions(versions, column, clock) for key, versions in things.histories.items()
        }
        self._histories.update({(thing,): History(of_thing) for thing, of_thing in spans.items()})
        self._known: dict[tuple[str, date], str | None] = {}

    def values(self) -> set[str]:
        """Every value that a history in force has at some time."""
        return {value for history in self._histories.values() for value in history.values()}

    def at(self, thing: str, day: date) -> str | None:
        if (thing, day) not in self._known:
            history = self._histories.get((thing,))
            self._known[(thing, day)] = history.at(day) if history else None
        return self._known[(thing, day)]

    def is_before_first(self, thing: str, day: date) -> bool:
        history = self._histories.get((thing,))
        return history is not None and history.is_before_first(day)
