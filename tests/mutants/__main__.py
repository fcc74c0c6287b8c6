"""Applies each mutant to a copy of the project and asks its tests; exit code 1 if one stays green.

`python -m tests.mutants [FILE]`, by default defects.yml. A mutant that stays green says that its tests cannot fail.
"""

import contextlib
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from tests.conftest import REPOSITORY
from tests.harness.compiled import copy_project
from tests.harness.dbt_run import run_dbt


@dataclass(frozen=True)
class Mutant:
    """A wrong formula: `old`, found once in `file`, becomes `new`; each of `tests` must then fail."""

    number: int
    title: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]


def read_mutants(path: Path) -> list[Mutant]:
    """Returns the mutants of a file."""
    return [Mutant(**{**one, "tests": tuple(one["tests"])}) for one in yaml.safe_load(path.read_text("utf-8"))]


@contextlib.contextmanager
def applied(mutant: Mutant, project: Path) -> Iterator[None]:
    """Makes the mutation in a copy of the project, and takes it back.

    Raises:
        ValueError: The text to replace is not there exactly once.
    """
    file = project / mutant.file
    text = file.read_text("utf-8")
    if text.count(mutant.old) != 1:
        raise ValueError(f"{mutant.file} has {text.count(mutant.old)} times: {mutant.old}")
    file.write_text(text.replace(mutant.old, mutant.new), "utf-8")
    try:
        yield
    finally:
        file.write_text(text, "utf-8")


def run_tests(project: Path, tests: Sequence[str]) -> dict[str, str]:
    """Returns the status of each unit test by name; `absent` of one that did not run."""
    found = run_dbt(project, "test", "--select", *tests)
    return {name: found.get(name, "absent") for name in tests}


def prepare(folder: Path) -> Path:
    """Copies the project and builds its relations without rows: a unit test asks them for their columns."""
    project = copy_project(folder / "project")
    os.environ["BOUSSOLE_DATABASE"] = str(folder / "boussole.duckdb")
    os.environ["BOUSSOLE_RAW_DIR"] = str(REPOSITORY / "sample_data")
    os.environ["DBT_SEND_ANONYMOUS_USAGE_STATS"] = "false"
    for arguments in (("seed",), ("run", "--empty")):
        built = run_dbt(project, *arguments)
        wrong = [name for name, status in built.items() if status != "success"]
        if wrong:
            raise RuntimeError(f"dbt {' '.join(arguments)}: {', '.join(wrong)}")
    return project


def judge(mutants: Sequence[Mutant], project: Path) -> list[str]:
    """Prints how each mutant ends and returns what is wrong: a test red on the original, or green on a mutant."""
    tests = sorted({test for mutant in mutants for test in mutant.tests})
    wrong = [
        f"{name} is {status} before any mutation"
        for name, status in run_tests(project, tests).items()
        if status != "pass"
    ]
    for mutant in mutants:
        with applied(mutant, project):
            statuses = run_tests(project, mutant.tests)
        # an error of the engine would be no proof: the test must have compared and found a difference
        survived = [f"{name} is {status}" for name, status in statuses.items() if status != "fail"]
        print(f"{'GREEN' if survived else 'red':<6}{mutant.number:>3} {mutant.title}", flush=True)
        wrong += [f"{mutant.number} {mutant.title}: {one}" for one in survived]
    return wrong


def main(arguments: Sequence[str]) -> int:
    """Returns the exit code: 0 if every mutant was noticed, else 1."""
    mutants = read_mutants(Path(arguments[0]) if arguments else Path(__file__).with_name("defects.yml"))
    with tempfile.TemporaryDirectory() as folder:
        wrong = judge(mutants, prepare(Path(folder)))
    print("\n".join(wrong) or f"All {len(mutants)} mutants are noticed.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
