"""The mart `kpi_values`: every metric, at its grains, in every period."""

from __future__ import annotations

import csv
import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .company import Company, Families
from .entities import Entity
from .kpi import NOTHING, Kpi, Kpis
from .periods import MONTHS, Period
from .settings import UNASSIGNED
from .targets import NET_REVENUE
from .world import World

CATALOGUE = Path(__file__).resolve().parents[2] / "seeds" / "kpi_catalogue.csv"
# metrics that compare with one kind of period exist for that kind only
_KINDS = {
    "net_revenue_growth_mom": ("month",),
    "net_revenue_growth_qoq": ("quarter",),
    "seasonality_index": ("month",),
}


@dataclass(frozen=True)
class Metric:
    name: str
    grains: tuple[str, ...]
    better: str
    aggregation: str


def catalogue() -> dict[str, Metric]:
    with CATALOGUE.open(encoding="utf-8", newline="") as file:
        return {
            row["metric"]: Metric(row["metric"], tuple(row["grains"].split()), row["better"], row["aggregation"])
            for row in csv.DictReader(file)
        }


class KpiValues:
    def __init__(self, world: World, families: Families, company: Company) -> None:
        self._world, self._families, self._company = world, families, company
        self._metrics = catalogue()
        self._targeted = self._metrics_with_targets()

    def _metrics_with_targets(self) -> list[Metric]:
        """“for additive metrics and mrr; … the others are in kpi_values”."""
        return [
            metric
            for name, metric in self._metrics.items()
            if name in self._world.targets.metrics() and name != NET_REVENUE
            if metric.aggregation == "sum" or name == "mrr"
        ]

    def _kpis(self, entity: Entity, period: Period) -> Kpis:
        families = self._families
        if entity.grain == "company":
            kpis = self._company.kpis(period)
        else:
            kpis = families.entities.kpis(entity, period)
            won = families.entities.won_deals(entity, period)
            kpis["median_sales_cycle_days"] = families.pipeline.sales_cycle(won)
        if entity.grain == "team":
            kpis |= families.customers.retention(period, families.customers.team, entity.entity_id)
            kpis |= families.satisfaction.team(period, entity.entity_id)
        for metric in self._targeted:
            if entity.grain in metric.grains:
                actual = kpis[metric.name].value
                kpis = kpis | families.entities.attainment(entity, period, actual, metric.name, f"{metric.name}_")
        return kpis

    def _metrics_of(self, entity: Entity, period: Period) -> Iterable[tuple[str, str]]:
        """The metrics of a grain and kind of period, and which way is better."""
        for name, metric in self._metrics.items():
            if entity.grain in metric.grains and period.kind in _KINDS.get(name, tuple(MONTHS)):
                yield name, metric.better
        for metric in self._targeted:
            if entity.grain in metric.grains:
                for name in ("target", "attainment_rate", "pace_rate"):
                    yield f"{metric.name}_{name}", "up"

    def rows(self) -> list[dict[str, Any]]:
        rows = []
        for kind in MONTHS:
            for period in self._world.periods.all(kind):
                of_period = [
                    self._row(entity, period, name, better, kpis.get(name, NOTHING))
                    for entity in self._families.entities.of_period(period)
                    for kpis in [self._kpis(entity, period)]
                    for name, better in self._metrics_of(entity, period)
                ]
                add_ranks(of_period)
                rows += of_period
        return rows

    def _row(self, entity: Entity, period: Period, metric: str, better: str, kpi: Kpi) -> dict[str, Any]:
        low = self._world.settings.low_n_threshold
        return {
            "metric": metric,
            "grain": entity.grain,
            "entity_id": entity.entity_id,
            "period_type": period.kind,
            "period_start": period.start,
            "numerator": _double(kpi.numerator),
            "denominator": _double(kpi.denominator),
            "value": _double(kpi.value),
            "n": kpi.n,
            "low": kpi.low,
            "high": kpi.high,
            "is_complete_period": self._world.periods.is_complete(period),
            "is_low_n": None if kpi.n is None else kpi.n < low,
            "rank": None,
            "quartile": None,
            "peers": None,
            "better": better,
        }


def _double(value: Any) -> float | None:
    return None if value is None else float(value)


def add_ranks(rows: list[dict[str, Any]]) -> None:
    """G13: ranks and quartiles, the best first.

    “Ranks on complete periods only, ties share a rank (1, 1, 3), `unassigned` is not ranked, an available 0 is”. A
    quartile is, as a quintile, ceil(4 × cume_dist).
    """
    groups: defaultdict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        better = row.pop("better")
        is_ranked = row["is_complete_period"] and row["grain"] != "company" and row["entity_id"] != UNASSIGNED
        if is_ranked and row["value"] is not None:
            groups[(row["metric"], row["grain"])].append({"row": row, "sign": 1 if better == "up" else -1})
    for group in groups.values():
        scores = [one["sign"] * one["row"]["value"] for one in group]
        for one, score in zip(group, scores, strict=True):
            above = sum(1 for other in scores if other > score)
            to_here = sum(1 for other in scores if other >= score)
            one["row"]["rank"] = above + 1
            one["row"]["quartile"] = math.ceil(4 * to_here / len(scores))
            one["row"]["peers"] = len(scores)
