"""Builds raw folders and compares every value of every mart with the oracle: `python -m tests.oracle`.

The sample, random folders, and the real data sets where they are beside the repository. Exit codes: 0 equal, 1
different, 2 a build failed.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from tests.conftest import REPOSITORY, run_cli
from tests.real.mapping import DATASETS, map_dataset

from .compute import compute
from .diff import MARTS, Differences, differences
from .findings import OPEN
from .runs import random_runs


@dataclass(frozen=True)
class Folder:
    name: str
    raw: Path
    variables: Mapping[str, Any]


def folders(count: int, with_real_data: bool, scratch: Path) -> Iterator[Folder]:
    yield Folder("sample", REPOSITORY / "sample_data", {})
    for run in random_runs(count):
        yield Folder(f"random {run.seed}", run.write(scratch / f"random_{run.seed}" / "raw"), run.variables)
    for name, dataset in DATASETS.items() if with_real_data else ():
        if dataset.source_dir.is_dir():
            variables = dataset.variables | ({"as_of_date": dataset.as_of} if dataset.as_of else {})
            yield Folder(name, map_dataset(dataset, scratch / name / "raw"), variables)
        else:
            print(f"{name}: real data is not in ../shared/data/{dataset.name}")


def compare(folder: Folder, scratch: Path) -> dict[str, Differences] | None:
    """The differences by mart; None where the warehouse was not built."""
    database = scratch / folder.name.replace(" ", "_") / "boussole.duckdb"
    database.parent.mkdir(parents=True, exist_ok=True)
    built = run_cli(
        *("run", "--no-tests", "--raw", str(folder.raw), "--database", str(database)),
        *("--publish-dir", str(database.parent / "published"), "--vars", json.dumps(folder.variables, default=str)),
    )
    if built.returncode != 0:
        print(f"{folder.name}: the build failed\n{built.stdout}\n{built.stderr}")
        return None
    result = compute(folder.raw, folder.variables)
    with duckdb.connect(str(database), read_only=True) as connection:
        found = {mart: differences(connection, result, mart) for mart in MARTS}
    database.unlink()
    return found


def show(folder: Folder, found: Mapping[str, Differences]) -> None:
    values, differing = sum(one.cells for one in found.values()), sum(one.total for one in found.values())
    known = sum(one.known.total() for one in found.values())
    print(f"{folder.name}: {values:,} values, {differing} differences, and {known} of open findings", flush=True)
    for mart, one in found.items():
        if one.counts:
            print(one.report(mart))


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.oracle", description=__doc__)
    parser.add_argument("--folders", type=int, default=10, metavar="N", help="random folders (10)")
    parser.add_argument("--without-real-data", action="store_true", help="leave out the real data sets")
    given = parser.parse_args()
    known: Counter[str] = Counter()
    code = 0
    with tempfile.TemporaryDirectory() as scratch:
        for folder in folders(given.folders, not given.without_real_data, Path(scratch)):
            found = compare(folder, Path(scratch))
            if found is None:
                code = 2
                continue
            show(folder, found)
            for one in found.values():
                known.update(one.known)
            if any(one.counts for one in found.values()):
                code = max(code, 1)
    for finding in OPEN:
        print(
            f"open, {known[finding.reason]} values: {finding.reason}"
            if known[finding.reason]
            else f"mended? {finding.reason}"
        )
    return code


if __name__ == "__main__":
    raise SystemExit(main())
