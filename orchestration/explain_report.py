"""Shows an explanation: as a text for a terminal, or whole as CSV or JSON."""

import csv
import io
import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import asdict
from decimal import Decimal

from rich.console import Console, JustifyMethod
from rich.table import Table

from orchestration.explain import DENOMINATOR, NUMERATOR, VALUE, Exclusion, Explanation, Row
from orchestration.question import COMPANY

SHOWN_ROWS = 20
SHOWN_EXCLUSIONS = 12
_NUMBERS = ("share", "adds", "rows", "sum")
# The columns that are cut where a terminal is narrow, though not further than this.
_CUT = ("source", "key", "reason", "for example", "rep", "team")
SHORTEST = 8
GAP = 2
# How the parts of a value are called where the columns are narrow.
_PARTS = {VALUE: "", NUMERATOR: "num.", DENOMINATOR: "den."}


def print_explanation(console: Console, explanation: Explanation) -> None:
    """Prints what the value means, the largest rows behind it, their sums, and what does not count."""
    _print_head(console, explanation)
    _print_rows(console, explanation)
    _print_sums(console, explanation)
    _print_exclusions(console, explanation.exclusions)


def as_csv(explanation: Explanation) -> str:
    """Returns every row, those that do not count last, with the reason."""
    text = io.StringIO()
    names = [*Row.__dataclass_fields__, "reason", "place", "row_count"]
    writer = csv.DictWriter(text, names, lineterminator="\n")
    writer.writeheader()
    for row in explanation.rows:
        writer.writerow(asdict(row) | {"share": number(row.share), "amount": number(row.amount), "row_count": 1})
    for one in explanation.exclusions:
        writer.writerow({"part": "excluded"} | asdict(one))
    return text.getvalue()


def as_json(explanation: Explanation) -> str:
    """Returns the question, the value, every row and every exclusion; amounts are numbers as text, exact."""
    whole = asdict(explanation) | {"result": explanation.result, "adds_up": explanation.adds_up}
    return json.dumps(whole, indent=2, ensure_ascii=False, default=_json) + "\n"


def _json(value: object) -> str:
    return number(value) if isinstance(value, Decimal) else str(value)


def number(value: Decimal) -> str:
    """Returns a decimal without the zeros at its end."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def shown(value: float, unit: str, currency: str) -> str:
    """Returns a value with its unit."""
    if unit == "money":
        return f"{value:,.2f} {currency}".strip()
    if unit == "rate":
        return f"{value:.4f} ({value:.1%})" if abs(value) < 10 else f"{value:,.2f}"
    text = f"{value:,.0f}" if value == round(value) else f"{value:,.4f}"
    return text if unit == "count" else f"{text} {unit}"


def _print_head(console: Console, explanation: Explanation) -> None:
    question, answer = explanation.question, explanation.answer
    who = question.entity if question.grain == COMPANY else f"{question.grain} {question.entity}"
    if answer.entity_name not in (None, question.entity):
        who += f" {answer.entity_name}"
    console.print(f"[bold]{question.metric}[/bold]  {answer.name}")
    _say(console, answer.definition)
    _say(console, f"= {answer.formula}")
    state = "" if answer.is_complete_period else " (open, so far)"
    console.print()
    _say(console, f"{who}, {question.period}{state}: {shown(answer.value, answer.unit, explanation.currency)}")
    if answer.n is not None:
        interval = f", 95 % interval {answer.low:.4f} to {answer.high:.4f}" if answer.low is not None else ""
        _say(console, f"{answer.n:,} cases{' (few)' if answer.is_low_n else ''}{interval}")
    if question.metric.endswith("pace_rate"):
        _say(console, f"{answer.elapsed_working_days} of {answer.working_days} working days have passed")


def _print_rows(console: Console, explanation: Explanation) -> None:
    names = ["", "source", "key", "date", "rep", "team", "share", "adds"]
    largest: list[Row] = []
    for part in (VALUE, NUMERATOR, DENOMINATOR):
        of_part = sorted((row for row in explanation.rows if row.part == part), key=lambda row: -abs(row.amount))
        largest += of_part[: SHOWN_ROWS // 2 if explanation.is_ratio else SHOWN_ROWS]
    lines = [
        [
            _PARTS[row.part],
            row.source,
            *(_cell(one) for one in (row.row_key, row.row_date, row.rep_id, row.team_id)),
            number(row.share),
            number(round(row.amount, 4)),
        ]
        for row in largest
    ]
    first = 0 if explanation.is_ratio else 1
    console.print()
    if lines:
        _print_table(console, names[first:], [line[first:] for line in lines])
    else:
        _say(console, "No row counts.")
    if len(explanation.rows) > len(largest):
        _say(console, f"… and {len(explanation.rows) - len(largest):,} rows more: --format csv or json has all.")


def _print_sums(console: Console, explanation: Explanation) -> None:
    sums: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    counts = Counter((row.part, row.source) for row in explanation.rows)
    for row in explanation.rows:
        sums[row.part, row.source] += row.amount
    is_median = explanation.answer.aggregation == "median"
    lines = [
        [part, source, f"{rows:,}", *([] if is_median else [number(sums[part, source])])]
        for (part, source), rows in sorted(counts.items(), key=lambda item: (item[0][0] != NUMERATOR, item[0]))
    ]
    console.print()
    if lines:
        names = ["part", "source", "rows", *([] if is_median else ["sum"])]
        _print_table(console, names, lines)
    _say(console, _conclusion(explanation))


def _conclusion(explanation: Explanation) -> str:
    answer = explanation.answer
    value = shown(answer.value, answer.unit, explanation.currency)
    if not explanation.adds_up:
        return f"The rows make {explanation.result}, not {answer.value}. Please report it."
    if answer.aggregation == "median":
        return f"The median of these {len(explanation.rows):,} rows is {value}."
    if explanation.is_ratio:
        parts = f"{number(explanation.total(NUMERATOR))} / {number(explanation.total(DENOMINATOR))}"
        return f"It adds up: {parts} = {value}."
    return f"It adds up to {value}."


def _print_exclusions(console: Console, exclusions: tuple[Exclusion, ...]) -> None:
    console.print()
    if not exclusions:
        _say(console, "Nothing near it was left out.")
        return
    console.print("[bold]What does not count[/bold]")
    kinds: dict[tuple[str, str], list[Exclusion]] = defaultdict(list)
    for one in exclusions:
        kinds[one.source, one.reason].append(one)
    ordered = sorted(kinds.items(), key=lambda item: (not item[0][0].startswith("fct_"), -_rows(item[1]), item[0]))
    lines = [
        [source, reason, f"{_rows(ones):,}", _cell(ones[0].place or ones[0].row_key)]
        for (source, reason), ones in ordered[:SHOWN_EXCLUSIONS]
    ]
    _print_table(console, ["source", "reason", "rows", "for example"], lines)
    if len(ordered) > SHOWN_EXCLUSIONS:
        _say(console, f"… and {len(ordered) - SHOWN_EXCLUSIONS} more kinds: --format csv or json has all.")


def _rows(exclusions: list[Exclusion]) -> int:
    return sum(one.row_count for one in exclusions)


def _cell(value: object) -> str:
    return "" if value is None else str(value)


def _print_table(console: Console, names: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Prints a table that fits the terminal: names are cut where it is narrow, the widest first, numbers are not."""
    widths = [max(len(line[place]) for line in (names, *rows)) for place in range(len(names))]
    while sum(widths) + GAP * len(names) > console.width:
        width, widest = max((widths[place], place) for place, name in enumerate(names) if name in _CUT)
        if width <= SHORTEST:
            break
        widths[widest] -= 1
    table = Table(box=None, pad_edge=False, padding=(0, GAP, 0, 0))
    for name, width in zip(names, widths, strict=True):
        justify: JustifyMethod = "right" if name in _NUMBERS else "left"
        table.add_column(name, justify=justify, no_wrap=True, overflow="ellipsis", width=width)
    for row in rows:
        table.add_row(*row)
    console.print(table)


def _say(console: Console, text: str) -> None:
    """Prints text as it is: nothing in it is markup."""
    console.print(text, markup=False, highlight=False)
