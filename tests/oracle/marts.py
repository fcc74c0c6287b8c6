"""Every mart, laid out from the families of KPIs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .attribution import Attribution
from .campaigns import Campaigns
from .clv import LifetimeValue
from .cohorts import cohort_retention
from .company import Company, Families
from .costs import Costs
from .customer_mart import CustomerMart
from .customers import Customers
from .entities import Entities
from .groups import Groups
from .kpi import Kpis, layout
from .kpi_values import KpiValues
from .mrr import Mrr
from .pipeline import Pipeline
from .products import Products
from .rep_daily import Rows, rep_daily_kpis
from .returns import ReturnWindows
from .satisfaction import Satisfaction, SatisfactionMonths
from .scorecards import Scorecards
from .subscriptions import read_subscriptions
from .team_monthly import TeamMonths
from .world import World


def families_of(world: World) -> Families:
    subscriptions = read_subscriptions(world.tables, world.accounts, world.calendar.as_of)
    customers, returns = Customers(world, subscriptions), ReturnWindows(world)
    return Families(
        entities=Entities(world),
        customers=customers,
        satisfaction=Satisfaction(world, customers),
        returns=returns,
        costs=Costs(world),
        mrr=Mrr(world, subscriptions),
        pipeline=Pipeline(world),
        campaigns=Campaigns(world, Attribution(world)),
        products=Products(world, returns),
        lifetime=LifetimeValue(world, customers),
    )


def marts(world: World) -> Mapping[str, Rows]:
    families = families_of(world)
    company = Company(world, families)
    groups = Groups(world, families.customers, families.satisfaction)
    low = world.settings.low_n_threshold

    def wide(rows: list[tuple[dict[str, Any], Kpis]]) -> Rows:
        return [{**key, **layout(kpis, low)} for key, kpis in rows]

    return {
        "rep_daily_kpis": rep_daily_kpis(
            world.organisation, world.parts, world.measures, world.targets, world.calendar, low
        ),
        "team_monthly_kpis": TeamMonths(world, families).rows(),
        "company_monthly_kpis": wide(company.rows("month")),
        "company_quarterly_kpis": wide(company.rows("quarter")),
        "kpi_values": KpiValues(world, families, company).rows(),
        "cohort_retention": cohort_retention(
            world.sales, world.accounts, world.organisation, world.measures, world.calendar, low
        ),
        "mrr_movements": families.mrr.movements(),
        "mrr_monthly": wide(
            [
                ({"month": p.start, "is_complete_period": world.periods.is_complete(p)}, families.mrr.kpis(p))
                for p in world.periods.all("month")
            ]
        ),
        "customer_kpis": CustomerMart(world, families.lifetime, families.mrr, families.satisfaction).rows(),
        "campaign_monthly_kpis": wide(families.campaigns.rows()),
        "channel_monthly_kpis": wide(groups.channel_rows()),
        "segment_monthly_kpis": wide(groups.segment_rows()),
        "satisfaction_monthly_kpis": wide(
            SatisfactionMonths(world, families.customers, families.satisfaction, families.returns).rows()
        ),
        "product_monthly_kpis": wide(families.products.rows()),
        "pipeline_daily": families.pipeline.rows(),
        "rep_scorecards": Scorecards(world, families.entities).rows(),
    }
