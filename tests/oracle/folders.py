"""Tiny raw folders for the tests of the oracle itself."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from .compute import Result


def write_csv(path: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    """A CSV file with the columns of all its rows; a missing value is empty."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def table(text: str) -> list[dict[str, str]]:
    """Rows from lines of words: the first line names the columns, `-` is an empty value, `~` in a value is a blank."""
    lines = [line.split() for line in text.strip().splitlines()]
    return [
        {name: "" if value == "-" else value.replace("~", " ") for name, value in zip(lines[0], line, strict=True)}
        for line in lines[1:]
    ]


def write_folder(folder: Path, **tables: str) -> Path:
    """One CSV file a table, each written as `table` reads it."""
    for name, text in tables.items():
        write_csv(folder / f"{name}.csv", table(text))
    return folder


def one(rows: Sequence[Mapping[str, Any]], **key: Any) -> Mapping[str, Any]:
    """The one row with these values."""
    found = [row for row in rows if all(str(row[name]) == str(value) for name, value in key.items())]
    assert len(found) == 1, f"{len(found)} rows with {key}"
    return found[0]


def rep_day(result: Result, rep: str, day: str) -> Mapping[str, Any]:
    return one(result.rep_daily, rep_id=rep, date_day=day)


def team_month(result: Result, team: str, month: str) -> Mapping[str, Any]:
    return one(result.team_monthly, team_id=team, month=f"{month}-01")
