"""Makes many small mistakes in models and macros, and writes docs/MUTANTS.md: what noticed them (`make mutants`).

`python -m tests.mutants.generated [--count N] [--results FILE] [--jobs N]`. A run goes on where the last one stopped,
and results stay as long as what they depend on does. A survivor is either a gap of the tests, or the same thing said
in another way: survivors.yml has the reason. The exit code is 0.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import multiprocessing
import os
import tempfile
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tests.conftest import REPOSITORY

from .judge import DOES_NOT_RUN, MART, PYTHON_TEST, SAME_SQL, Judge, Verdict
from .mutations import Mutation, all_mutations, chosen
from .page import DOCUMENT, judged, render, share_killed

SEED = 42
COUNT = 200
RESULTS = REPOSITORY / "target" / "mutants.jsonl"
JUDGES = ("tests/mutants/judge.py", "tests/harness/*.py", "tests/oracle/random_folder.py", "tests/oracle/runs.py")
WITHOUT_TESTS = (MART, PYTHON_TEST, SAME_SQL, DOES_NOT_RUN)  # verdicts that no test of dbt has a part in


def digest(project: Path) -> str:
    """Of every file that a verdict depends on, but for the tests: models, macros, seeds, the sample, what judges."""
    patterns = ("dbt_project.yml", "models/**/*", "macros/**/*", "seeds/*", "sample_data/**/*", *JUDGES)
    return _digest(project, [path for pattern in patterns for path in project.glob(pattern) if not _is_tests(path)])


def digest_of_tests(project: Path) -> str:
    """Of the unit tests and the singular tests. Those of columns are in `digest`."""
    return _digest(project, [*filter(_is_tests, project.glob("models/**/*")), *project.glob("tests/dbt/**/*")])


def _is_tests(path: Path) -> bool:
    return path.name.endswith("__unit_tests.yml")


def _digest(project: Path, paths: Sequence[Path]) -> str:
    found = hashlib.sha256()
    for path in sorted(path for path in paths if path.is_file()):
        found.update(path.relative_to(project).as_posix().encode() + b"\0" + path.read_bytes())
    return found.hexdigest()[:16]


def read_results(path: Path, project: str, tests: str) -> dict[str, dict[str, Any]]:
    """Id -> what was found, as far as it holds still; a line that a kill cut short is not read."""
    found: dict[str, dict[str, Any]] = {}
    for line in path.read_text("utf-8").splitlines() if path.exists() else ():
        try:
            one = json.loads(line)
        except json.JSONDecodeError:
            continue
        if one["project"] == project and (one["tests"] == tests or one["verdict"] in WITHOUT_TESTS):
            found[one["id"]] = one
    return found


def judge_all(mutations: Sequence[Mutation], digests: Mapping[str, str], results: Path, jobs: int) -> None:
    """Judges each mutant in one of the processes, and writes what was found as soon as it is there."""
    results.parent.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        results.open("a", encoding="utf-8") as file,
        ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn"), _begin, (folder,)) as pool,
    ):
        done = as_completed([pool.submit(_judge, one) for one in mutations])
        for number, (one, verdict, seconds) in enumerate((one.result() for one in done), start=1):
            file.write(json.dumps({**digests, "id": one.id, **asdict(verdict), **asdict(one)}) + "\n")
            file.flush()
            found = f"{verdict.verdict:<12} {seconds:5.1f} s  {one.file}:{one.line} {one.operator}: {verdict.by}"
            print(f"{number}/{len(mutations)} {found}", flush=True)


_judges: list[Judge] = []  # the one of this process


def _begin(folder: str) -> None:
    _judges.append(Judge(Path(tempfile.mkdtemp(dir=folder))))


def _judge(mutation: Mutation) -> tuple[Mutation, Verdict, float]:
    started = time.monotonic()
    return mutation, _judges[0].judge(mutation), time.monotonic() - started


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants.generated", description=__doc__)
    parser.add_argument("--count", type=int, default=COUNT, metavar="N", help=f"mutants over all layers ({COUNT})")
    parser.add_argument("--results", type=Path, default=RESULTS, metavar="FILE", help="where results are kept")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), metavar="N", help="processes (one a processor)")
    given = parser.parse_args()
    project, tests = digest(REPOSITORY), digest_of_tests(REPOSITORY)
    mutations = chosen(all_mutations(REPOSITORY), given.count, SEED)
    known = read_results(given.results, project, tests)
    missing = [one for one in mutations if one.id not in known]
    if missing:
        judge_all(missing, {"project": project, "tests": tests}, given.results, given.jobs)
    results = read_results(given.results, project, tests)
    mutants = judged(mutations, {key: one["verdict"] for key, one in results.items()})
    (REPOSITORY / DOCUMENT).write_text(render(mutants), encoding="utf-8")
    print(f"{share_killed(mutants)} of those that can be noticed are killed; written: {DOCUMENT}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
