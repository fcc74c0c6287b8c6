"""`python -m tests.parity`: builds a raw folder on DuckDB and on Spark and compares what people read, row by row.

Exit codes: 0 the same, 1 different, 2 a build failed.
"""

import argparse
import subprocess
import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.parity.compare import Comparison, compare

REPOSITORY = Path(__file__).resolve().parent.parent.parent
SCHEMAS = ("core", "kpis")


def main() -> int:
    """Builds, compares and prints; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.parity", description=__doc__)
    parser.add_argument("--raw", type=Path, default=REPOSITORY / "sample_data", help="folder of raw tables")
    parser.add_argument("--out", type=Path, default=REPOSITORY / "target" / "parity", help="folder to build in")
    parser.add_argument("--select", nargs="*", default=[], help="build these dbt nodes only")
    parser.add_argument("--with-tests", action="store_true", help="run the data and unit tests on both engines too")
    parser.add_argument("--reuse", action="store_true", help="compare what an earlier call built")
    arguments = parser.parse_args()
    databases = {target: arguments.out.resolve() / target / "boussole.duckdb" for target in ("dev", "spark")}
    for target, database in databases.items():
        options = [f"--select={nodes}" for nodes in arguments.select]
        if not arguments.with_tests:
            options.append("--no-tests")
        if not arguments.reuse and build(target, arguments.raw.resolve(), database, options) != 0:
            print(f"The build on the target {target} failed.", file=sys.stderr)
            return 2
    found = compare(databases["dev"], databases["spark"], SCHEMAS)
    show(found)
    return 0 if found and all(comparison.is_same for comparison in found) else 1


def build(target: str, raw: Path, database: Path, options: list[str]) -> int:
    """Runs the command line as a user does and returns its exit code."""
    command = [sys.executable, "-m", "orchestration", "run", f"--target={target}", f"--raw={raw}"]
    command += [f"--database={database}", f"--publish-dir={database.parent / 'published'}"]
    return subprocess.run([*command, *options], cwd=REPOSITORY, check=False).returncode


def show(comparisons: list[Comparison]) -> None:
    """Prints one line per relation and says how many differ."""
    table = Table(box=None, pad_edge=False)
    for name, justify in (("relation", "left"), ("DuckDB", "right"), ("Spark", "right"), ("differing cells", "right")):
        table.add_column(name, justify="right" if justify == "right" else "left")
    table.add_column("where", overflow="fold")
    for item in comparisons:
        where = item.problem or ", ".join(f"{column} {rows:,}" for column, rows in item.differing)
        cells = sum(rows for _, rows in item.differing)
        table.add_row(item.relation, _rows(item.first_rows), _rows(item.second_rows), f"{cells:,}", where)
    console = Console(highlight=False)
    console.print(table)
    different = sum(1 for item in comparisons if not item.is_same)
    console.print(f"{len(comparisons)} relations, {different} different")


def _rows(rows: int | None) -> str:
    return "missing" if rows is None else f"{rows:,}"


if __name__ == "__main__":
    sys.exit(main())
