"""Customers who are active, who stay and who come back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from .kpi import NOTHING, Kpi, Kpis, quotient, share_of_people
from .periods import Period
from .sales import Sale, Sales
from .settings import UNASSIGNED
from .subscriptions import Subscription
from .world import World

Group = Callable[[str, date], str]  # the group of a customer on a day
EVERYBODY = "company"


@dataclass(frozen=True)
class Purchase:
    day: date
    amount: Decimal | None  # original currency
    refunds: list[tuple[date, Decimal]]

    def counts(self, day: date) -> bool:
        """M14: “compared in the order's own currency; a purchase of 0 or of an unknown amount makes nobody active”."""
        given_back = sum((refund for on, refund in self.refunds if on <= day), Decimal(0))
        return self.amount is not None and self.amount > 0 and self.amount > given_back


def _purchases(sales: Sales) -> dict[str, list[Purchase]]:
    refunds: defaultdict[str, list[tuple[date, Decimal]]] = defaultdict(list)
    for returned in sales.returns:
        refunds[returned.sale.sale_id].append((returned.day, returned.refund_original or Decimal(0)))
    purchases: defaultdict[str, list[Purchase]] = defaultdict(list)
    for sale in sales.sales:
        if sale.customer is not None:
            purchases[sale.customer].append(Purchase(sale.day, _amount(sale), refunds[sale.sale_id]))
    return dict(purchases)


def _amount(sale: Sale) -> Decimal | None:
    known = [line.sold_original for line in sale.lines if line.sold_original is not None]
    return sum(known, Decimal(0)) if known or not sale.lines else None


class Customers:
    def __init__(self, world: World, subscriptions: list[Subscription]) -> None:
        self._world = world
        self._purchases = _purchases(world.sales)
        self._subscriptions = [subscription for subscription in subscriptions if subscription.mrr > 0]
        self._active: dict[date, frozenset[str]] = {}
        self.first_sales = world.sales.first_sales()
        self.has_sales = world.measures.has_sales
        # “Needs sales or subscriptions, not both”
        self.is_known = self.has_sales or world.has("subscriptions")

    # ---- groups ------------------------------------------------------------------------------------------------------

    def team(self, customer: str, day: date) -> str:
        """M13: “its owner's team”."""
        owner = self._world.accounts.owner_on(customer, day)
        return UNASSIGNED if owner is None else self._world.organisation.team_of(owner, day)

    def segment(self, customer: str, day: date) -> str:
        return self._world.accounts.segment(customer)

    def channel(self, customer: str, day: date) -> str:
        return self._world.accounts.channel(customer)

    @staticmethod
    def everybody(customer: str, day: date) -> str:
        return EVERYBODY

    # ---- active customers --------------------------------------------------------------------------------------------

    def active_on(self, day: date) -> frozenset[str]:
        """Who is active at the end of a day.

        “Active = a live subscription with mrr > 0, or a purchase in the trailing `customer_active_days` whose amount
        exceeds its own returns so far”.
        """
        if day not in self._active:
            window = timedelta(days=self._world.settings.customer_active_days)
            bought = {
                customer
                for customer, purchases in self._purchases.items()
                if any(day - window < purchase.day <= day and purchase.counts(day) for purchase in purchases)
            }
            live = {subscription.customer for subscription in self._subscriptions if subscription.is_live(day)}
            self._active[day] = frozenset(bought | live)
        return self._active[day]

    def active_in(self, group: Group, day: date) -> dict[str, frozenset[str]]:
        """The active customers by group."""
        members: defaultdict[str, set[str]] = defaultdict(set)
        for customer in self.active_on(day):
            members[group(customer, day)].add(customer)
        return {name: frozenset(customers) for name, customers in members.items()}

    def at_end(self, period: Period, group: Group) -> dict[str, int] | None:
        """Active customers at the end of a complete period; M34: of an open one “is not known yet”."""
        if not self.is_known or not self._world.periods.is_complete(period):
            return None
        return {name: len(customers) for name, customers in self.active_in(group, period.last).items()}

    def retention(self, period: Period, group: Group, name: str) -> Kpis:
        """“customers active at the period's start who are active at its end / active at start, as sets”.

        “Start = the evening before the period. A customer belongs to the team of its owner at the period's start.”
        M12: what remains is NULL in an open period.
        """
        if not self.is_known:
            return dict.fromkeys(RETENTION, NOTHING)
        at_start = self.active_in(group, period.evening_before).get(name, frozenset())
        is_complete = self._world.periods.is_complete(period)
        retained = len(at_start & self.active_on(period.last)) if is_complete else None
        size = len(at_start) if is_complete else None
        lost = None if retained is None else len(at_start) - retained
        return {
            "customers_at_start": Kpi(len(at_start)),
            "customers_retained": Kpi(retained),
            "customer_retention_rate": share_of_people(retained, size),
            "customer_churn_rate": share_of_people(lost, size),
        }

    # ---- buyers ------------------------------------------------------------------------------------------------------

    def bought_between(self, first: date, last: date) -> frozenset[str]:
        return frozenset(
            customer
            for customer, purchases in self._purchases.items()
            if any(first <= purchase.day <= last for purchase in purchases)
        )

    def buyers(self, period: Period) -> frozenset[str]:
        periods = self._world.periods
        return self.bought_between(periods.first_day(period), periods.last_day(period))

    def purchase_retention(self, period: Period) -> Kpi:
        """“customers who bought in the previous period and in this one / who bought in the previous”."""
        periods, previous = self._world.periods, period.previous()
        if not self.has_sales or not periods.is_complete(period) or periods.is_partial(previous):
            return NOTHING
        before = self.buyers(previous)
        return share_of_people(len(before & self.buyers(period)), len(before))

    def repeat_purchase(self, period: Period) -> Kpi:
        """“customers with ≥ 2 purchase days in the trailing 365 days / with ≥ 1”."""
        if not self.has_sales:
            return NOTHING
        last = self._world.periods.last_day(period)
        days = [
            len({purchase.day for purchase in purchases if last - timedelta(days=365) < purchase.day <= last})
            for purchases in self._purchases.values()
        ]
        return share_of_people(sum(1 for n in days if n >= 2), sum(1 for n in days if n >= 1))

    def revenue_per_customer(self, period: Period) -> Kpi:
        """M39: “net revenue of identified customers / customers who bought in the period”."""
        measures, periods, sales = self._world.measures, self._world.periods, self._world.sales
        if not measures.has_money:
            return NOTHING
        first, last = periods.first_day(period), periods.last_day(period)
        amounts = [
            line.sold
            for sale in sales.sales
            if sale.customer is not None and first <= sale.day <= last
            for line in sale.lines
        ]
        amounts += [
            None if returned.refund is None else -returned.refund
            for returned in sales.returns
            if returned.sale.customer is not None and first <= returned.day <= last
        ]
        known = [amount for amount in amounts if amount is not None]
        net = None if amounts and not known else sum(known, Decimal(0))
        return quotient(net, len(self.buyers(period)))

    def referral_rate(self, period: Period) -> Kpi:
        """“new customers acquired by channel `referral` / new customers with a known channel”."""
        if not self.has_sales or not self._world.has("accounts"):
            return NOTHING
        periods, accounts = self._world.periods, self._world.accounts
        channels = [
            accounts.known_channel(customer)
            for customer, sale in self.first_sales.items()
            if periods.first_day(period) <= sale.day <= periods.last_day(period)
        ]
        known = [channel for channel in channels if channel is not None]
        return share_of_people(sum(1 for channel in known if channel == "referral"), len(known))


RETENTION = ("customers_at_start", "customers_retained", "customer_retention_rate", "customer_churn_rate")
