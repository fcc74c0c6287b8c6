"""The KPIs of the company in a month, quarter or year, and the marts by month and by quarter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from .campaigns import Campaigns
from .clock import add_months
from .clv import LifetimeValue
from .costs import Costs
from .customers import EVERYBODY, Customers
from .entities import Entities, company
from .kpi import NOTHING, Kpi, Kpis, quotient, rate
from .mrr import Mrr
from .periods import Period
from .pipeline import Pipeline
from .products import Products
from .returns import ReturnWindows
from .satisfaction import Satisfaction
from .world import World

PEAK_FROM = 1.2


@dataclass(frozen=True)
class Families:
    """Everything that is calculated of a world, family by family."""

    entities: Entities
    customers: Customers
    satisfaction: Satisfaction
    returns: ReturnWindows
    costs: Costs
    mrr: Mrr
    pipeline: Pipeline
    campaigns: Campaigns
    products: Products
    lifetime: LifetimeValue


class Company:
    def __init__(self, world: World, families: Families) -> None:
        self._world, self._families = world, families
        self._known: dict[Period, Kpis] = {}

    def kpis(self, period: Period) -> Kpis:
        if period not in self._known:
            self._known[period] = self._kpis(period)
        return self._known[period]

    def _kpis(self, period: Period) -> Kpis:
        families = self._families
        kpis = families.entities.kpis(company(), period)
        net, margin = kpis["net_revenue"].value, kpis["gross_margin"].value
        new_customers, spend = kpis["new_customers"].value, families.costs.spend(period)
        kpis |= families.customers.retention(period, families.customers.everybody, EVERYBODY)
        kpis |= self._buyers(period)
        kpis |= families.satisfaction.company(period)
        kpis |= {
            "return_rate": families.returns.rate(period),
            "returned_units": families.returns.returned_units(period),
        }
        kpis |= families.costs.kpis(period)
        kpis |= families.costs.cac(period, new_customers)
        kpis |= families.costs.net_margin(period, margin, net)
        kpis |= families.mrr.kpis(period)
        kpis |= families.pipeline.kpis(period)
        kpis |= families.pipeline.coverage(period, kpis["target"].value, net)
        kpis |= families.campaigns.company(period, spend)
        kpis |= families.products.company_effects(period)
        kpis |= families.lifetime.projected(period)
        kpis |= families.lifetime.retention(period)
        kpis |= self._lifetime_values(period, kpis["cac"].value)
        kpis |= self._visitors(period, new_customers)
        won = families.entities.won_deals(company(), period)
        kpis["median_sales_cycle_days"] = families.pipeline.sales_cycle(won)
        if period.kind == "month":
            kpis |= self._seasonality(period.start)
        return kpis

    def _buyers(self, period: Period) -> Kpis:
        customers = self._families.customers
        retention = customers.purchase_retention(period)
        return {
            "buyers": Kpi(len(customers.buyers(period)) if customers.has_sales else None),
            "returning_buyers": Kpi(retention.numerator),
            "purchase_retention_rate": retention,
            "repeat_purchase_rate": customers.repeat_purchase(period),
            "revenue_per_customer": customers.revenue_per_customer(period),
            "referral_rate": customers.referral_rate(period),
        }

    def _lifetime_values(self, period: Period, cac: float | None) -> Kpis:
        """“same cohort both sides”."""
        observed = self._families.lifetime.observed(period)
        value = observed.value
        known = value is not None and cac is not None and cac != 0
        return {
            "clv_observed": observed,
            "clv_cac_ratio": Kpi(value / cac if known else None, value, cac),
            "cac_payback_months": Kpi(self._families.lifetime.payback_months(period, cac)),
        }

    def _visitors(self, period: Period, new_customers: Decimal | None) -> Kpis:
        """“new customers / visitors”."""
        visitors = self._families.campaigns.visitors(period)
        return {"visitors": Kpi(visitors), "visitor_conversion_rate": rate(new_customers, visitors)}

    def _net(self, month: date) -> Decimal | None:
        cell = self._families.entities.cell(company(), Period("month", month))
        return self._world.measures.net_revenue(cell)

    def _seasonality(self, month: date) -> Kpis:
        """M38: “net revenue / the centred mean of twelve months, the two outer months of thirteen by half”.

        “NULL without 24 complete months”; “peak ≥ 1.2”.
        """
        complete = [known for known in self._world.calendar.months() if self._world.calendar.is_complete(known)]
        around = [add_months(month, age) for age in range(-6, 7)]
        if len(complete) < 24 or not set(around) <= set(complete):
            return {"seasonality_index": NOTHING, "is_peak": NOTHING}
        amounts = [self._net(known) for known in around]
        known = [Fraction(amount) for amount in amounts if amount is not None]
        if len(known) < len(amounts):
            return {"seasonality_index": NOTHING, "is_peak": NOTHING}
        mean = (sum(known[1:-1], Fraction(0)) + (known[0] + known[-1]) / 2) / 12
        index = quotient(known[6], mean).value
        return {"seasonality_index": Kpi(index), "is_peak": Kpi(None if index is None else index >= PEAK_FROM)}

    # ---- the marts ---------------------------------------------------------------------------------------------------

    def rows(self, kind: str) -> list[tuple[dict[str, Any], Kpis]]:
        return [
            ({kind: period.start, "is_complete_period": self._world.periods.is_complete(period)}, self.kpis(period))
            for period in self._world.periods.all(kind)
        ]
