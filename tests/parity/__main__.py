"""`python -m tests.parity DATASET …`: builds each data set on DuckDB and on Spark and compares them row by row.

A data set is `sample`, `maven_crm` or another one of tests/real, `scale_30` (an invented company of that size), or a
folder of raw tables. Exit codes: 0 the same, 1 different, 2 a build failed.
"""

import argparse
import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.parity.compare import Comparison, compare
from tests.parity.datasets import Folder, MissingDataError, prepare
from tests.parity.measure import Cost, run_measured
from tests.real.mapping import REPOSITORY

SCHEMAS = ("core", "kpis")
ENGINES = {"dev": "DuckDB", "spark": "Spark"}

console = Console(highlight=False)


def main() -> int:
    """Builds, compares and prints; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.parity", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("datasets", nargs="*", default=["sample"], metavar="DATASET", help="default: sample")
    parser.add_argument("--out", type=Path, default=REPOSITORY / "target" / "parity", help="folder to build in")
    parser.add_argument("--select", nargs="*", default=[], help="build these dbt nodes only")
    parser.add_argument("--with-tests", action="store_true", help="run the data and unit tests on both engines too")
    parser.add_argument("--reuse", action="store_true", help="compare what an earlier call built")
    arguments = parser.parse_args()
    options = [] if arguments.with_tests else ["--no-tests"]
    options += [f"--select={nodes}" for nodes in arguments.select]
    codes = [check(name, arguments.out.resolve(), options, arguments.reuse) for name in arguments.datasets]
    return max(codes)


def check(name: str, out: Path, options: list[str], reuse: bool) -> int:
    """Builds and compares one data set; returns its exit code."""
    folder = out / Path(name).name
    databases = {target: folder / target / "boussole.duckdb" for target in ENGINES}
    if not reuse:
        try:
            dataset = prepare(name, folder)
        except MissingDataError as missing:
            console.print(f"{name}: skipped. {missing}.")
            return 0
        for target, database in databases.items():
            cost = build(target, dataset, database, options)
            if cost.exit_code != 0:
                console.print(f"{name}: the build on {ENGINES[target]} failed.")
                return 2
            console.print(
                f"{name} on {ENGINES[target]}: {cost.seconds:,.0f} s, {cost.cpu_seconds:,.0f} s of processors"
            )
    found = compare(databases["dev"], databases["spark"], SCHEMAS)
    show(name, found)
    return 0 if found and all(comparison.is_same for comparison in found) else 1


def build(target: str, dataset: Folder, database: Path, options: list[str]) -> Cost:
    """Runs the command line as a user does."""
    command = [sys.executable, "-m", "orchestration", "run", f"--target={target}", f"--raw={dataset.raw}"]
    command += [f"--database={database}", f"--publish-dir={database.parent / 'published'}"]
    return run_measured([*command, *dataset.options, *options], REPOSITORY)


def show(name: str, comparisons: list[Comparison]) -> None:
    """Prints one line per relation and says how many differ."""
    table = Table(box=None, pad_edge=False)
    for title, justify in (("relation", "left"), ("DuckDB", "right"), ("Spark", "right"), ("differing cells", "right")):
        table.add_column(title, justify="right" if justify == "right" else "left")
    table.add_column("where", overflow="fold")
    for item in comparisons:
        where = item.problem or ", ".join(f"{column} {rows:,}" for column, rows in item.differing)
        cells = sum(rows for _, rows in item.differing)
        table.add_row(item.relation, _rows(item.first_rows), _rows(item.second_rows), f"{cells:,}", where)
    console.print(table)
    different = sum(1 for item in comparisons if not item.is_same)
    console.print(f"{name}: {len(comparisons)} relations, {different} different")


def _rows(rows: int | None) -> str:
    return "missing" if rows is None else f"{rows:,}"


if __name__ == "__main__":
    sys.exit(main())
