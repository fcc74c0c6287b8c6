"""Raw folders of hypothesis, and warehouses of them."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from tests.harness.compiled import Compiled
from tests.harness.warehouse import Warehouse, csv_files
from tests.oracle.diff import MARTS, compare, mart_rows
from tests.oracle.folders import write_csv
from tests.oracle.random_folder import RandomFolder

Rows = list[dict[str, Any]]


class Tables(dict[str, Rows]):
    """Raw tables, named by what made them: a report of a failing property would print a thousand rows."""

    made_by = ""

    def __repr__(self) -> str:
        return f"<{self.made_by}>"


KPI_MARTS = tuple(mart for mart, one in MARTS.items() if one.schema == "kpis")


@st.composite
def raw_tables(draw: st.DrawFn) -> Tables:
    """A random folder, or a part of the rows of each of its tables."""
    seed = draw(st.integers(0, 2**32))
    share = draw(st.sampled_from([0.1, 0.4, 1.0]))
    tables = RandomFolder(seed).tables()
    part = Tables({name: rows[: max(1, round(len(rows) * share))] for name, rows in tables.items()})
    part.made_by = f"RandomFolder({seed}), {share:.0%} of the rows of each table"
    return part


seeds = st.integers(0, 2**32)


def permuted(rows: Rows, seed: int) -> Rows:
    """In another order, but of rows with one key: of two versions of one instant the later record is the newer.

    The first column of the key is enough: what it does not separate is kept in order too.
    """
    order = list(range(len(rows)))
    random.Random(seed).shuffle(order)  # noqa: S311 - an example of hypothesis
    key = next(iter(rows[0]))
    places: dict[str, list[int]] = {}
    for place, index in enumerate(order):
        places.setdefault(str(rows[index][key]).strip(), []).append(place)
    mixed: Rows = [{}] * len(rows)
    for row in rows:
        mixed[places[str(row[key]).strip()].pop(0)] = row
    return mixed


def in_parts(rows: Rows, seed: int) -> list[Rows]:
    """Cut into one to five files; each has a row."""
    chance = random.Random(seed)  # noqa: S311 - an example of hypothesis
    cuts = sorted(chance.sample(range(1, len(rows)), min(len(rows) - 1, chance.randrange(5))))
    return [rows[start:end] for start, end in zip([0, *cuts], [*cuts, len(rows)], strict=True)]


def write_tables(tables: Mapping[str, Rows], folder: Path) -> Path:
    for name, rows in tables.items():
        write_csv(folder / f"{name}.csv", rows)
    return folder


def build(compiled: Compiled, tables: Mapping[str, Rows]) -> Warehouse:
    """The warehouse of these rows; the caller closes it."""
    with tempfile.TemporaryDirectory() as folder:
        return build_folder(compiled, write_tables(tables, Path(folder)))


def build_folder(compiled: Compiled, folder: Path) -> Warehouse:
    """The warehouse of a raw folder; the caller closes it. Nothing is read later: every raw table is loaded."""
    warehouse = Warehouse(compiled)
    warehouse.load(csv_files(folder))
    warehouse.build()
    return warehouse


def assert_equal_marts(one: Warehouse, other: Warehouse, marts: Collection[str] = KPI_MARTS) -> None:
    """Every row and value; doubles to 1e-9, since a sum of doubles depends on the order of its rows."""
    reports = []
    for mart in marts:
        found = compare(mart, mart_rows(one.connection, mart), mart_rows(other.connection, mart))
        if found.counts:
            reports.append(found.report(mart))
    assert not reports, "\n".join(reports)
