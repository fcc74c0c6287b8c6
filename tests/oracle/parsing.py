"""Values by their lexical form: "read by their lexical form, not by what an engine's cast tolerates"."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Context, Decimal
from zoneinfo import ZoneInfo

BLANKS = " \t\r\n\f\v"

_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_TIME = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d+))?)?(Z|[+-]\d{2}(?::?\d{2})?)?", re.ASCII
)
_DECIMAL = re.compile(r"[+-]?(?:\d+(?:\.\d+)?|\.\d+)", re.ASCII)
_INTEGER = re.compile(r"[+-]?\d+", re.ASCII)

# type -> (precision, scale): G6 "decimal(18,4) … exchange rates decimal(18,8), shares decimal(9,8)"
_SIZES = {"decimal": (18, 4), "rate": (18, 8), "share": (9, 8)}


class UnreadableError(ValueError):
    """The text is not a value of its type."""


def blank_to_none(text: str | None) -> str | None:
    """`''` and all-blank text is NULL; other text is kept as it is."""
    if text is None or not text.strip(BLANKS):
        return None
    return text


def parse_date(text: str) -> date:
    """`date` is `YYYY-MM-DD`."""
    found = _DATE.fullmatch(text)
    if not found:
        raise UnreadableError(text)
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError as error:
        raise UnreadableError(text) from error


def _offset(text: str) -> timezone:
    if text == "Z":
        return UTC
    digits = text[1:].replace(":", "")
    hours, minutes = int(digits[:2]), int(digits[2:] or 0)
    if hours > 23 or minutes > 59:
        raise UnreadableError(text)
    delta = timedelta(hours=hours, minutes=minutes)
    return timezone(-delta if text[0] == "-" else delta)


def parse_timestamp(text: str, zone: ZoneInfo) -> datetime:
    """R3: without an offset it is UTC; a bare date is midnight in the reporting time zone; the instant is in UTC."""
    if _DATE.fullmatch(text):
        day = parse_date(text)
        return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)
    found = _TIME.fullmatch(text)
    if not found:
        raise UnreadableError(text)
    try:
        local = datetime(
            int(found[1]),
            int(found[2]),
            int(found[3]),
            int(found[4]),
            int(found[5]),
            int(found[6] or 0),
            int(((found[7] or "") + "000000")[:6]),
            tzinfo=_offset(found[8] or "Z"),
        )
        return local.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise UnreadableError(text) from error


def parse_decimal(text: str, kind: str) -> Decimal:
    """R2, R7; more decimals than the type keeps are rounded half-up."""
    if not _DECIMAL.fullmatch(text):
        raise UnreadableError(text)
    precision, scale = _SIZES[kind]
    exact = Decimal(text)
    limit = Decimal(10) ** (precision - scale)
    if abs(exact) >= limit:
        raise UnreadableError(text)
    value = exact.quantize(Decimal(1).scaleb(-scale), context=Context(prec=len(text) + 20, rounding=ROUND_HALF_UP))
    if abs(value) >= limit:
        raise UnreadableError(text)
    return value


def parse_integer(text: str) -> int:
    if not _INTEGER.fullmatch(text):
        raise UnreadableError(text)
    value = int(text)
    if not -(2**63) <= value < 2**63:
        raise UnreadableError(text)
    return value


def parse_boolean(text: str) -> bool:
    """`boolean` is true/false/1/0/t/f/yes/no in any case."""
    lowered = text.lower()
    if lowered in ("true", "1", "t", "yes"):
        return True
    if lowered in ("false", "0", "f", "no"):
        return False
    raise UnreadableError(text)


Value = str | date | datetime | Decimal | int | bool | None


def parse(text: str | None, kind: str, zone: ZoneInfo) -> Value:
    """The typed value of a text; blanks around numbers, dates and booleans are ignored."""
    text = blank_to_none(text)
    if text is None or kind == "text":
        return text
    text = text.strip(BLANKS)
    if kind == "date":
        return parse_date(text)
    if kind == "timestamp":
        return parse_timestamp(text, zone)
    if kind == "integer":
        return parse_integer(text)
    if kind == "boolean":
        return parse_boolean(text)
    return parse_decimal(text, kind)


def unreadable_reason(kind: str) -> str:
    """R4, R7: `not_a_<type>`; a rate and a share are decimals."""
    if kind == "integer":
        return "not_an_integer"
    return f"not_a_{'decimal' if kind in _SIZES else kind}"
