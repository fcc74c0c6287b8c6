"""The raw folders that are compared: random ones, each under variables of its own, and the real data sets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .random_folder import RandomFolder


@dataclass(frozen=True)
class Run:
    """A random folder; `without` are raw tables that are not supplied."""

    seed: int
    variables: Mapping[str, Any] = field(default_factory=dict)
    without: frozenset[str] = frozenset()

    def write(self, folder: Path) -> Path:
        return RandomFolder(self.seed).write(folder, self.without)


EVERYDAY = Run(1)

# “Needs sales or subscriptions, not both”; deals without orders; what refines and is not needed (G7)
_SUBSCRIPTIONS_ALONE = frozenset({"subscriptions", "accounts", "tickets", "operating_costs"})
_ALL = frozenset(RandomFolder(0).tables())

_VARIED = (
    Run(2, {"reporting_time_zone": "America/New_York", "revenue_basis": "won_opportunities"}),
    Run(
        3,
        {
            "as_of_date": "2024-06-18",
            "lead_conversion_days": 30,
            "attribution_model": "first_touch",
            "low_n_threshold": 2,
        },
    ),
    Run(4, {"start_date": "2024-02-15", "clv_horizon_months": 2}),
    Run(
        5,
        {
            "customer_active_days": 60,
            "csat_satisfied_from": 0.6,
            "return_window_days": 10,
            "clv_horizon_months": 3,
            "clv_max_months": 6,
            "low_n_threshold": 3,
            "attribution_model": "last_touch",
            "attribution_window_days": 60,
        },
    ),
    Run(
        6,
        without=frozenset(
            {
                "returns",
                "targets",
                "opportunity_splits",
                "holidays",
                "account_owners",
                "team_memberships",
                "campaign_spend",
                "survey_invitations",
                "products",
            }
        ),
    ),
    Run(7, without=_ALL - _SUBSCRIPTIONS_ALONE),
    Run(
        8,
        {"start_date": "2024-02-15"},
        frozenset(
            {
                "orders",
                "order_lines",
                "returns",
                "products",
                "subscriptions",
                "tickets",
                "reviews",
                "operating_costs",
                "reps",
            }
        ),
    ),
    Run(
        9,
        {"low_n_threshold": 2, "clv_horizon_months": 2, "revenue_basis": "orders"},
        frozenset({"order_lines", "accounts", "web_visits"}),
    ),
    Run(
        10,
        {
            "start_date": "2024-01-05",
            "as_of_date": "2024-05-31",
            "clv_horizon_months": 1,
            "return_window_days": 20,
            "attribution_model": "first_touch",
        },
    ),
)


def random_runs(count: int) -> Iterator[Run]:
    """The first `count` runs: those above under their variables, then further seeds under the defaults."""
    yield from (EVERYDAY, *_VARIED)[:count]
    yield from (Run(seed) for seed in range(len(_VARIED) + 2, count + 1))
