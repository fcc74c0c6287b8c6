"""What every family of KPIs reads: the tables of a run, and the events and things that they describe."""

from __future__ import annotations

from dataclasses import dataclass

from .accounts import Accounts
from .arithmetic import Rates
from .clock import Calendar, Clock
from .deals import Deal
from .leads import Person
from .parts import Measures, Parts
from .periods import Periods
from .sales import Sales
from .settings import Settings
from .targets import Targets
from .teams import Organisation, Tables


@dataclass(frozen=True)
class World:
    tables: Tables
    settings: Settings
    clock: Clock
    accounts: Accounts
    organisation: Organisation
    rates: Rates
    deals: dict[str, Deal]
    sales: Sales
    persons: list[Person]
    calendar: Calendar
    periods: Periods
    parts: Parts
    measures: Measures
    targets: Targets

    def has(self, *tables: str) -> bool:
        """G7: “one of them not supplied makes it NULL everywhere”."""
        return all(self.tables[table].is_supplied for table in tables)
