"""All steps in their order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from . import contract
from .accounts import Accounts
from .arithmetic import Rates
from .clock import Calendar, Clock, first_of_month
from .deals import Deal, DealReader, split_credits
from .leads import PersonReader
from .marts import marts
from .parts import Measures, Parts, add_activities, add_deals, add_persons, add_sales
from .periods import Periods
from .raw import RawFolder
from .rep_daily import Rows
from .sales import SaleReader, Sales, completed_orders
from .settings import Settings
from .targets import Targets
from .teams import Organisation, Tables
from .world import World


@dataclass(frozen=True)
class Result:
    """The marts and the accounting of one raw folder; every row is a dict of column and value."""

    as_of_date: date
    start_date: date
    marts: Mapping[str, Rows]
    row_accounting: Rows
    quarantine: Rows

    @property
    def rep_daily(self) -> Rows:
        return self.marts["rep_daily_kpis"]

    @property
    def team_monthly(self) -> Rows:
        return self.marts["team_monthly_kpis"]

    @property
    def cohorts(self) -> Rows:
        return self.marts["cohort_retention"]


def compute(raw_dir: Path, vars: Mapping[str, Any] | None = None, as_of: date | None = None) -> Result:  # noqa: A002
    """Everything the oracle knows about a raw folder."""
    settings = Settings.of(vars, as_of)
    clock = Clock(settings.zone)
    raw = RawFolder(Path(raw_dir), clock, settings.reporting_currency)
    as_of = as_of_date(raw, settings, clock)
    tables = _tables(raw, as_of)
    world = _world(tables, settings, clock, as_of)
    return Result(
        as_of_date=as_of,
        start_date=start_date(tables, settings, clock, world.deals, world.sales, as_of),
        marts=marts(world),
        row_accounting=[{"table_name": name, **asdict(tables[name].accounting)} for name in contract.TABLES],
        quarantine=[asdict(row) for name in contract.TABLES for row in tables[name].quarantine],
    )


def _world(tables: Tables, settings: Settings, clock: Clock, as_of: date) -> World:
    """The events and things that the tables describe on a day."""
    accounts = Accounts(tables, clock, as_of)
    organisation = Organisation(tables, clock, as_of)
    rates = Rates(
        settings.reporting_currency,
        # T10: a rate of a later day is not known yet
        [(r["currency"], r["rate_date"], r["rate"]) for r in tables["exchange_rates"].rows if r["rate_date"] <= as_of],
    )
    deals = DealReader(tables, settings, clock, as_of).read()
    sales = SaleReader(tables, settings, clock, accounts, rates, deals, split_credits(tables), as_of).read()
    persons = PersonReader(tables, settings, clock, accounts, deals, sales, as_of).read()

    start = start_date(tables, settings, clock, deals, sales, as_of)
    calendar = Calendar(start, as_of, [(row["holiday_date"], row["region"]) for row in tables["holidays"].rows])
    parts = Parts(organisation)
    add_persons(parts, persons, settings)
    add_deals(parts, deals.values(), rates)
    add_activities(parts, tables, clock, as_of)
    add_sales(parts, sales)
    return World(
        tables=tables,
        settings=settings,
        clock=clock,
        accounts=accounts,
        organisation=organisation,
        rates=rates,
        deals=deals,
        sales=sales,
        persons=persons,
        calendar=calendar,
        periods=Periods(calendar),
        parts=parts,
        measures=Measures(tables, sales),
        targets=Targets(tables, rates, organisation, as_of),
    )


def _tables(raw: RawFolder, as_of: date | None) -> Tables:
    return {name: raw.table(name, as_of) for name in contract.TABLES}


def as_of_date(raw: RawFolder, settings: Settings, clock: Clock) -> date:
    """The day that everything is calculated for.

    G8: “the latest business date of a completed order, closed deal, return, created lead, survey response, opened
    ticket, review, web visit, started or ended subscription (where none exists: created deal or activity), not after
    the latest `updated_at` where that is supplied, and never after the run's own day”.
    """
    limits = [clock.today()]
    if settings.as_of_date is not None:
        return min([settings.as_of_date, *limits])
    tables = _tables(raw, None)
    updated = raw.latest_update()
    if updated is not None:
        limits.append(clock.business_date(updated))
    deals = DealReader(tables, settings, clock, None).read()
    days = list(_default_clock_days(tables, clock, deals)) or list(_second_choice_days(tables, clock, deals))
    return min([max(days), *limits]) if days else min(limits)


def _default_clock_days(tables: Tables, clock: Clock, deals: Mapping[str, Deal]) -> Iterator[date]:
    for day, _ in completed_orders(tables, clock, None):
        yield day
    for deal in deals.values():
        if deal.closed_on is not None:
            yield deal.closed_on
    for table, column in (
        ("returns", "returned_at"),
        ("leads", "created_at"),
        ("survey_responses", "responded_at"),
        ("tickets", "opened_at"),
        ("reviews", "reviewed_at"),
    ):
        for row in tables[table].rows:
            yield clock.business_date(row[column])
    for row in tables["web_visits"].rows:
        yield row["visit_date"]
    for row in tables["subscriptions"].rows:  # T2
        yield row["started_on"]
        if row["ended_on"] is not None:
            yield row["ended_on"]


def _second_choice_days(tables: Tables, clock: Clock, deals: Mapping[str, Deal]) -> Iterator[date]:
    for deal in deals.values():
        if deal.created_on is not None:
            yield deal.created_on
    for row in tables["activities"].rows:
        yield clock.business_date(row["started_at"])


def start_date(
    tables: Tables, settings: Settings, clock: Clock, deals: Mapping[str, Deal], sales: Sales, as_of: date
) -> date:
    """The first day that a KPI counts.

    T3: “earliest date of a counted order, deal creation or closing, return, lead, activity, subscription start,
    ticket, survey response, review, web visit, campaign spend or cost month”.
    """
    if settings.start_date is not None:
        return settings.start_date
    days = [sale.day for sale in sales.sales] + [returned.day for returned in sales.returns]
    for deal in deals.values():
        if deal.state != "closed_without_date":
            days += [day for day in (deal.created_on, deal.closed_on) if day is not None]
    for table, column in (
        ("leads", "created_at"),
        ("activities", "started_at"),
        ("tickets", "opened_at"),
        ("survey_responses", "responded_at"),
        ("reviews", "reviewed_at"),
    ):
        days += [clock.business_date(row[column]) for row in tables[table].rows]
    days += [row["started_on"] for row in tables["subscriptions"].rows]
    days += [row["visit_date"] for row in tables["web_visits"].rows]
    days += [row["spend_date"] for row in tables["campaign_spend"].rows]
    days += [first_of_month(row["cost_month"]) for row in tables["operating_costs"].rows]
    return min((day for day in days if day <= as_of), default=as_of)
