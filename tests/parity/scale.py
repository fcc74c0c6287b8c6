"""`python -m tests.parity.scale DATABASE`: writes what docs/SCALE.md shows of a warehouse that Spark has just built.

DATABASE is the copy of its results (`run --target spark --database`); Spark's tables and dbt's records lie beside it.
"""

import os
import sys
from pathlib import Path

import duckdb

from orchestration.settings import resolve
from orchestration.spark import spark_dir
from tests.parity.plans import Operator, Plan, plans
from tests.real.mapping import REPOSITORY

DOCUMENT = REPOSITORY / "docs" / "SCALE.md"
SHOWN_MODELS = 3
SHOWN_TABLES = 12
# What decides how work spreads; the other operators work on the rows where they are.
SHOWN_OPERATORS = ("Scan", "Exchange", "Join", "CartesianProduct", "Window", "Aggregate")


def sizes(lake: Path) -> str:
    """Returns the table of the largest relations of a lake: rows, and bytes of Parquet per row."""
    measured = []
    with duckdb.connect() as connection:
        for folder in sorted((lake / "tables").glob("*.db/*/data")):
            files = [str(file) for file in folder.rglob("*.parquet")]
            if not files:
                continue
            counted = connection.execute("select sum(num_rows) from parquet_file_metadata($1)", [files]).fetchone()
            rows = int(counted[0]) if counted else 0
            schema, table = folder.parent.parent.stem, folder.parent.name
            measured.append((sum(os.path.getsize(file) for file in files), rows, len(files), f"{schema}.{table}"))
    lines = ["| table | rows | MB | bytes per row | files |", "|---|---:|---:|---:|---:|"]
    for size, rows, files_count, name in sorted(measured, reverse=True)[:SHOWN_TABLES]:
        lines.append(f"| `{name}` | {rows:,} | {size / 1e6:,.1f} | {size / max(rows, 1):,.0f} | {files_count} |")
    total, rows = sum(one[0] for one in measured), sum(one[1] for one in measured if one[3].startswith("raw."))
    lines += ["", f"{len(measured)} tables, {total / 1e6:,.0f} MB, from {rows:,} raw rows."]
    return "\n".join(lines)


def spread(found: list[Plan]) -> str:
    """Returns where plans gather or repeat rows, and the essential lines of the slowest models."""
    lines = [f"{len(found)} models were planned.", ""]
    lines += ["| window over all rows in one partition, in | which come from |", "|---|---|"]
    gathered = sorted({(plan.model, tuple(inputs)) for plan in found for inputs in plan.gathered})
    lines += [f"| `{model}` | {_told(list(inputs))} |" for model, inputs in gathered] or ["| none | |"]
    broadcast = sorted({table for plan in found for inputs in plan.broadcast for table in inputs})
    lines += ["", f"Tables behind what is sent to every task, whole or summed: {_told(broadcast)}."]
    products = sorted({p.model for p in found if any(one.name == "CartesianProduct" for one in p.operators)})
    lines += ["", f"Models with a product of two large sides: {_told(products)}."]
    marts = [plan for plan in found if plan.layer == "marts"]
    for plan in sorted(marts, key=lambda one: -one.seconds)[:SHOWN_MODELS]:
        lines += ["", f"### `{plan.model}` ({plan.seconds:,.0f} s)", "", "```text"]
        shown = [one for one in plan.operators if any(word in one.name for word in SHOWN_OPERATORS)]
        lines += [_line(one) for one in shown] + ["```"]
    return "\n".join(lines)


def _told(names: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names) or "none"


def _line(operator: Operator) -> str:
    text = f"{' ' * (operator.depth // 3)}{operator.name} {operator.detail}".rstrip()
    return text if len(text) <= 118 else text[:117] + "…"


def replace_section(document: str, name: str, text: str) -> str:
    """Returns the document with another text between the two comments of a section."""
    begin, end = f"<!-- {name}: written by tests.parity.scale; do not edit -->", f"<!-- end of {name} -->"
    before, _, rest = document.partition(begin)
    return f"{before}{begin}\n\n{text}\n\n{end}{rest.partition(end)[2]}"


def main(arguments: list[str]) -> int:
    """Writes the sections of the document."""
    database = Path(arguments[0]).resolve()
    document = DOCUMENT.read_text(encoding="utf-8")
    document = replace_section(document, "sizes", sizes(spark_dir(resolve(database=database, target="spark"))))
    document = replace_section(document, "plans", spread(list(plans(database))))
    DOCUMENT.write_text(document, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
