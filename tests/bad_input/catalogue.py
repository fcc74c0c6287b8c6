"""Reads catalogue.yml, and makes the raw folders that it describes."""

import csv
import gzip
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import yaml

CATALOGUE = Path(__file__).with_name("catalogue.yml")
LONG = "x" * 100_000  # what <long> stands for
Row = dict[str, str]


@dataclass(frozen=True)
class File:
    """One raw file, or what stands in its place.

    Attributes:
        path: Its path in the raw folder.
        text: What is in it.
        encoding: How the text is written.
        sql: A query whose rows are written as Parquet, instead of text.
        gzip: Whether it is compressed.
        cut: How many of its bytes are kept, if not all.
        mode: Its permissions, if not the usual ones.
        instead_of: A file that is removed.
    """

    path: str
    text: str = ""
    encoding: str = "utf-8"
    sql: str = ""
    gzip: bool = False
    cut: int | None = None
    mode: int | None = None
    instead_of: str = ""

    def write(self, folder: Path) -> None:
        """Writes it into a raw folder."""
        if self.instead_of:
            (folder / self.instead_of).unlink()
        target = folder / self.path
        target.parent.mkdir(exist_ok=True)
        if self.sql:
            with duckdb.connect() as connection:
                connection.execute(f"copy ({self.sql}) to '{target}' (format parquet)")
            content = target.read_bytes()
        else:
            content = self.text.encode(self.encoding)
        if self.gzip:
            content = gzip.compress(content, mtime=0)
        target.write_bytes(content[: self.cut])
        if self.mode is not None:
            target.chmod(self.mode)


@dataclass(frozen=True)
class Refusal:
    """A raw folder that stops the run before anything is built.

    Attributes:
        name: What is done to a good folder, in words.
        words: What the message must say: the file, the column, what to do.
        files: The files that are written into it.
        remove: Files of the good folder that are removed.
    """

    name: str
    words: list[str]
    files: list[File] = field(default_factory=list)
    remove: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Case:
    """Rows or a file that the run reads, each with ids of its own, and what they become.

    Attributes:
        id: Short name; the rep and the account of its rows, and part of their keys.
        name: What is bad about them, in words.
        means: What it means, in words.
        rows: Table -> values that differ from the good row of that table, one dict a row.
        files: Files beside the tables, in the folder of the table.
        quarantined: Table -> reason and column, or a list of them.
        excluded: Table -> reason.
        kpis: Metric -> value of the rep in the month of the good rows; None: unknown. The others are 0 or unknown.
        gives: SQL -> the answer.
    """

    id: str
    name: str
    means: str = ""
    rows: dict[str, list[Row]] = field(default_factory=dict)
    files: list[File] = field(default_factory=list)
    quarantined: dict[str, list[str]] = field(default_factory=dict)
    excluded: dict[str, list[str]] = field(default_factory=dict)
    kpis: dict[str, float | None] = field(default_factory=dict)
    gives: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Catalogue:
    """Everything that catalogue.yml says."""

    good_folder: dict[str, str]
    good_rows: dict[str, Row]
    refusals: list[Refusal]
    cases: list[Case]


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def load() -> Catalogue:
    """Reads the catalogue; an unknown key in it is an error."""
    text = yaml.safe_load(CATALOGUE.read_text(encoding="utf-8"))
    refusals = [Refusal(**{**one, "files": [File(**file) for file in one.get("files", [])]}) for one in text["refused"]]
    cases = []
    for one in text["read"]:
        lists = {
            key: {table: _listed(v) for table, v in one.get(key, {}).items()} for key in ("quarantined", "excluded")
        }
        rows = {table: [{**row} for row in _listed(values)] for table, values in one.get("rows", {}).items()}
        cases.append(Case(**{**one, **lists, "rows": rows, "files": [File(**file) for file in one.get("files", [])]}))
    return Catalogue(text["good_folder"], text["good_rows"], refusals, cases)


def rows_of(case: Case, good_rows: dict[str, Row]) -> Iterator[tuple[str, Row]]:
    """The raw rows of a case: the good row of the table, with what the case puts in it."""
    for table, changes in case.rows.items():
        for change in changes:
            row = {**good_rows[table], **change}
            yield (
                table,
                {column: value.replace("<id>", case.id).replace("<long>", LONG) for column, value in row.items()},
            )


def write_tables(catalogue: Catalogue, folder: Path) -> dict[str, list[str]]:
    """Writes the rows of every case, table by table, into one raw folder; returns the case of each record, by file."""
    tables: dict[str, list[tuple[str, Row]]] = {}
    for case in catalogue.cases:
        for table, row in rows_of(case, catalogue.good_rows):
            tables.setdefault(table, []).append((case.id, row))
    owners = {}
    for table, rows in tables.items():
        path = folder / table / "rows.csv"
        path.parent.mkdir(parents=True)
        columns = list(dict.fromkeys(column for _, row in rows for column in row))
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
            writer.writeheader()
            writer.writerows(row for _, row in rows)
        owners[f"{table}/rows.csv"] = [owner for owner, _ in rows]
    for case in catalogue.cases:
        for one in case.files:
            one.write(folder)
    return owners
