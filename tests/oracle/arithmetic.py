"""G6: exact money, one way to divide it, one way to make a ratio."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

Number = int | Decimal | Fraction

MONEY = Decimal("0.0001")
_WIDE = Context(prec=120, rounding=ROUND_HALF_UP)
Z95 = 1.959963984540054  # the 97.5 % quantile of the normal distribution


def half_up(value: Decimal) -> Decimal:
    """“rounded half-up to 4 decimals once”."""
    return value.quantize(MONEY, context=_WIDE)


def half_up_fraction(value: Fraction) -> Decimal:
    """The same of an exact quotient: away from zero where it is halfway."""
    units = math.floor(abs(value) * 10**4 + Fraction(1, 2))
    return Decimal(-units if value < 0 else units).scaleb(-4)


def times(left: Decimal, right: Decimal) -> Decimal:
    """“A product of two decimals is computed in a wider type and rounded half-up to 4 decimals”."""
    return half_up(_WIDE.multiply(left, right))


def floor_share(total: Decimal, part: Decimal, whole: Decimal, decimals: int = 4) -> Decimal:
    """Total × part / whole, rounded down (towards zero, so that a credit note mirrors its sale) to `decimals`."""
    exact = Fraction(total) * Fraction(part) / Fraction(whole)
    return Decimal(math.trunc(exact * 10**decimals)).scaleb(-decimals)


def allocate(total: Decimal, weights: Sequence[Decimal], decimals: int = 4) -> list[Decimal]:
    """G6 `allocate`: “each part rounded down, the remainder to the last part by a total order, so parts always add up”.

    The caller gives the weights in that total order. Rounded down is towards zero, also for a negative total.
    S6: a negative weight counts 0; weights that are all 0 or negative count equally.
    """
    if len(weights) == 1:
        return [total]
    used = [max(weight, Decimal(0)) for weight in weights]
    if not any(used):
        used = [Decimal(1)] * len(used)
    whole = sum(used, Decimal(0))
    parts = [floor_share(total, weight, whole, decimals) for weight in used[:-1]]
    return [*parts, total - sum(parts, Decimal(0))]


def allocate_known(total: Decimal | None, weights: Sequence[Decimal]) -> list[Decimal | None]:
    """`allocate` of an amount that may be unknown: all its parts are then unknown."""
    if total is None:
        return [None] * len(weights)
    return list(allocate(total, weights))


def ratio(numerator: Number | None, denominator: Number | None) -> float | None:
    """G6 “one macro divides; NULL when the denominator is 0 or NULL”."""
    if numerator is None or denominator is None or denominator == 0:
        return None
    return float(Fraction(numerator) / Fraction(denominator))


def growth(this: Number | None, previous: Number | None) -> float | None:
    """“(this − previous) / previous; previous ≤ 0 or missing: NULL”."""
    if this is None or previous is None or previous <= 0:
        return None
    return float((Fraction(this) - Fraction(previous)) / Fraction(previous))


def wilson(successes: int | None, n: int | None) -> tuple[float | None, float | None]:
    """G13: the 95 % Wilson interval of a proportion of people."""
    if successes is None or not n:
        return None, None
    p, z2 = successes / n, Z95 * Z95
    centre = (p + z2 / (2 * n)) / (1 + z2 / n)
    half = Z95 * math.sqrt(p * (1 - p) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    return max(0.0, centre - half), min(1.0, centre + half)


class Rates:
    """G5: “The rate is the latest one on or before the business date. No rate: the converted amount is NULL”."""

    def __init__(self, reporting_currency: str, rates: Iterable[tuple[str, date, Decimal]]) -> None:
        self._reporting_currency = reporting_currency
        self._days: dict[str, list[date]] = {}
        self._rates: dict[str, list[Decimal]] = {}
        for currency, day, rate in sorted(rates):
            self._days.setdefault(currency, []).append(day)
            self._rates.setdefault(currency, []).append(rate)

    def rate(self, currency: str, day: date) -> Decimal | None:
        if currency == self._reporting_currency:
            return Decimal(1)
        place = bisect_right(self._days.get(currency, []), day)
        return self._rates[currency][place - 1] if place else None

    def convert(self, amount: Decimal | None, currency: str, day: date) -> Decimal | None:
        """S3: “the converted amount once more to 4”."""
        rate = self.rate(currency, day)
        return None if amount is None or rate is None else times(amount, rate)
