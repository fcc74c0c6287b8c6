"""A KPI with what G13 and G6 ask of it: its parts, its n and its interval."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from .arithmetic import Number, ratio, wilson


@dataclass(frozen=True)
class Kpi:
    value: Any = None
    numerator: Any = None
    denominator: Any = None
    n: int | None = None
    low: float | None = None
    high: float | None = None

    def times(self, factor: int) -> Kpi:
        return replace(self, value=None if self.value is None else factor * self.value)


Kpis = dict[str, Kpi]
NOTHING = Kpi()


def quotient(numerator: Number | None, denominator: Number | None) -> Kpi:
    """G6: “Never average ratios; re-aggregate the parts, which stand beside the ratio”."""
    return Kpi(ratio(numerator, denominator), numerator, denominator)


def rate(numerator: Number | None, n: int | None) -> Kpi:
    """G13: “Every rate has its n”."""
    return replace(quotient(numerator, n), n=n)


def share_of_people(some: int | None, n: int | None) -> Kpi:
    """G13: “proportions of people have a 95 % Wilson interval”."""
    low, high = wilson(some, n)
    return replace(rate(some, n), low=low, high=high)


def net_promoter_score(promoters: int | None, detractors: int | None, n: int | None) -> Kpi:
    """G13: “nps ± 1.96·√((p + d − (p − d)²)/n) × 100 clipped to ±100”."""
    if promoters is None or detractors is None or n is None:
        return NOTHING
    difference = promoters - detractors
    if n == 0:
        return Kpi(None, 0, n, n)
    p, d = promoters / n, detractors / n
    half = 1.96 * math.sqrt(max(0.0, (p + d - (p - d) ** 2) / n)) * 100
    value = float(Fraction(100 * difference, n))
    return Kpi(value, 100 * difference, n, n, max(-100.0, value - half), min(100.0, value + half))


def median(values: list[Any]) -> float | None:
    middle = exact_median(values)
    return None if middle is None else float(middle)


def exact_median(values: list[Any]) -> Fraction | None:
    """The middle value; of an even number the mean of the two in the middle."""
    if not values:
        return None
    ordered, half = sorted(values), len(values) // 2
    middle = ordered[half : half + 1] if len(ordered) % 2 else ordered[half - 1 : half + 1]
    return sum((Fraction(value) for value in middle), Fraction(0)) / len(middle)


def layout(kpis: Kpis, low_n_threshold: int) -> dict[str, Any]:
    """M1: the columns of a wide mart. `<kpi>`, its parts, its interval and whether its n is low."""
    row: dict[str, Any] = {name: kpi.value for name, kpi in kpis.items()}
    for name, kpi in kpis.items():
        row[f"{name}_numerator"], row[f"{name}_denominator"] = kpi.numerator, kpi.denominator
        row[f"{name}_low"], row[f"{name}_high"] = kpi.low, kpi.high
        row[f"{name}_is_low_n"] = None if kpi.n is None else kpi.n < low_n_threshold
    return row
