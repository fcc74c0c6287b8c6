"""The variables of a run, with the defaults of the specification."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

UNASSIGNED = "unassigned"
UNKNOWN = "unknown"


def _day(value: object) -> date | None:
    if value is None or value == "":
        return None
    return value if isinstance(value, date) else date.fromisoformat(str(value))


def _stages(value: str | Sequence[str]) -> frozenset[str]:
    """G11: stages are compared trimmed and case-blind."""
    items = value.split(",") if isinstance(value, str) else value
    return frozenset(item.strip().lower() for item in items)


@dataclass(frozen=True)
class Settings:
    reporting_currency: str
    zone: ZoneInfo
    lead_conversion_days: int
    low_n_threshold: int
    revenue_basis: str
    won_stages: frozenset[str]
    lost_stages: frozenset[str]
    as_of_date: date | None
    start_date: date | None
    customer_active_days: int = 365
    csat_satisfied_from: Decimal = Decimal("0.8")
    return_window_days: int = 30
    clv_horizon_months: int = 12
    clv_max_months: int = 60
    attribution_model: str = "linear"
    attribution_window_days: int = 365

    @classmethod
    def of(cls, values: Mapping[str, Any] | None, as_of: date | None = None) -> Settings:
        given = dict(values or {})
        return cls(
            reporting_currency=str(given.get("reporting_currency", "EUR")),
            zone=ZoneInfo(str(given.get("reporting_time_zone", "Europe/Paris"))),
            lead_conversion_days=int(given.get("lead_conversion_days", 90)),
            low_n_threshold=int(given.get("low_n_threshold", 30)),
            revenue_basis=str(given.get("revenue_basis", "auto")),
            won_stages=_stages(given.get("won_stages", ("won", "closed won", "gagné"))),
            lost_stages=_stages(given.get("lost_stages", ("lost", "closed lost", "perdu"))),
            as_of_date=as_of or _day(given.get("as_of_date")),
            start_date=_day(given.get("start_date")),
            customer_active_days=int(given.get("customer_active_days", 365)),
            csat_satisfied_from=Decimal(str(given.get("csat_satisfied_from", "0.8"))),
            return_window_days=int(given.get("return_window_days", 30)),
            clv_horizon_months=int(given.get("clv_horizon_months", 12)),
            clv_max_months=int(given.get("clv_max_months", 60)),
            attribution_model=str(given.get("attribution_model", "linear")),
            attribution_window_days=int(given.get("attribution_window_days", 365)),
        )
