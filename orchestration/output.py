"""Writes the result of a query as an aligned table, as CSV or as JSON."""

import csv
import datetime as dt
import json
import math
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, TextIO

import click

FORMATS = ("table", "csv", "json")
NULL = "NULL"

format_option = click.option(
    "--format",
    "output_format",
    type=click.Choice(FORMATS),
    default=FORMATS[0],
    show_default=True,
    help="How the result is written.",
)

Rows = Iterable[Sequence[Any]]


def write(stream: TextIO, output_format: str, columns: Sequence[str], rows: Rows) -> None:
    """Writes rows; CSV and JSON are written as they come, a table when all are there.

    Args:
        stream: Where to write.
        output_format: One of FORMATS.
        columns: Names of the columns.
        rows: The rows, values as DuckDB gives them.
    """
    if output_format == "csv":
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([_text(value, null="") for value in row] for row in rows)
    elif output_format == "json":
        _write_json(stream, columns, rows)
    else:
        _write_table(stream, columns, rows)


def json_value(value: Any) -> Any:
    """Returns a value as JSON has it; a number that JSON's readers would round or refuse is text."""
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, Decimal):
        return float(value) if Decimal(repr(float(value))) == value else _text(value)
    return _text(value)


def _write_json(stream: TextIO, columns: Sequence[str], rows: Rows) -> None:
    """An array, one object a line."""
    separator = "[\n"
    for row in rows:
        values = {name: json_value(value) for name, value in zip(columns, row, strict=True)}
        stream.write(separator + json.dumps(values, ensure_ascii=False))
        separator = ",\n"
    stream.write("[]\n" if separator == "[\n" else "\n]\n")


def _write_table(stream: TextIO, columns: Sequence[str], rows: Rows) -> None:
    held = [list(row) for row in rows]
    texts = [list(columns), *([_text(value).replace("\n", " ") for value in row] for row in held)]
    for position in range(len(columns)):
        width = max(len(row[position]) for row in texts)
        is_number = all(_is_number(row[position]) for row in held)
        for row in texts:
            row[position] = row[position].rjust(width) if is_number else row[position].ljust(width)
    for row in texts:
        stream.write("  ".join(row).rstrip() + "\n")
    stream.write(f"({len(held)} row{'' if len(held) == 1 else 's'})\n")


def _is_number(value: Any) -> bool:
    return value is None or (isinstance(value, (int, float, Decimal)) and not isinstance(value, bool))


def _text(value: Any, null: str = NULL) -> str:
    if value is None:
        return null
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Decimal):
        return format(value, "f")
    return value.isoformat() if isinstance(value, (dt.date, dt.time)) else str(value)
