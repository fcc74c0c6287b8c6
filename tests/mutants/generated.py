"""Makes many small mistakes in models and macros, and reports those that nothing notices: `make mutants`.

`python -m tests.mutants.generated [--count N] [--results FILE] [--jobs N]`. A run goes on where the last one stopped:
results of the same models and macros are kept. A survivor is either a gap of the sample and the tests, or the same
thing said in another way: survivors.yml has the reason. The exit code is 0.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import multiprocessing
import os
import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict
from pathlib import Path
from typing import Any

import yaml

from tests.conftest import REPOSITORY

from .judge import KILLED, SURVIVED, Judge, Verdict
from .mutations import Mutation, all_mutations, chosen, layer_of

SEED = 42
COUNT = 200
RESULTS = REPOSITORY / "target" / "mutants.jsonl"
JUDGES = ("tests/mutants/judge.py", "tests/harness/*.py", "tests/oracle/random_folder.py")
SURVIVORS = Path(__file__).with_name("survivors.yml")


def digest(project: Path) -> str:
    """Of every file that a verdict depends on: SQL, its tests and settings, seeds, the sample, and what judges."""
    found = hashlib.sha256()
    for pattern in ("models/**/*", "macros/**/*", "seeds/*", "tests/dbt/*", "sample_data/**/*", *JUDGES):
        for path in sorted(path for path in project.glob(pattern) if path.is_file()):
            found.update(path.relative_to(project).as_posix().encode() + b"\0" + path.read_bytes())
    return found.hexdigest()[:16]


def read_results(path: Path, project: str) -> dict[str, dict[str, Any]]:
    """Id -> what was found of the same project; a line that a kill cut short is not read."""
    found: dict[str, dict[str, Any]] = {}
    for line in path.read_text("utf-8").splitlines() if path.exists() else ():
        try:
            one = json.loads(line)
        except json.JSONDecodeError:
            continue
        if one["project"] == project:
            found[one["id"]] = one
    return found


def reasons() -> dict[tuple[str, str, str], str]:
    """File, old and new line of each known survivor -> why nothing can notice it."""
    return {
        (one["file"], one["old"], one["new"]): one["reason"] for one in yaml.safe_load(SURVIVORS.read_text("utf-8"))
    }


def report(mutations: Sequence[Mutation], results: Mapping[str, Mapping[str, Any]]) -> str:
    """The share killed, by layer and by what killed them, and every survivor, those that say the same apart."""
    judged = [(one, results[one.id]["verdict"]) for one in mutations if one.id in results]
    why = reasons()
    same = {one.id: why[key] for one, _ in judged if (key := (one.file, one.old.strip(), one.new.strip())) in why}
    counted = [(one, verdict in KILLED) for one, verdict in judged if verdict in (*KILLED, SURVIVED)]
    of_proof = [(one, killed) for one, killed in counted if killed or one.id not in same]
    lines = [f"{len(judged)} mutants: {dict(Counter(verdict for _, verdict in judged).most_common())}"]
    lines.append(f"{_share(of_proof)} of those that can be noticed are killed")
    for layer in dict.fromkeys(layer_of(one) for one, _ in judged):
        lines.append(f"  {layer}: {_share([(one, killed) for one, killed in of_proof if layer_of(one) == layer])}")
    for one, killed in counted:
        if not killed:
            lines += [f"{one.file}:{one.line}: {one.operator}", f"  - {one.old.strip()}", f"  + {one.new.strip()}"]
            lines += [f"  the same: {same[one.id]}"] if one.id in same else []
    return "\n".join(lines)


def _share(judged: Sequence[tuple[Mutation, bool]]) -> str:
    killed = sum(is_killed for _, is_killed in judged)
    return f"{killed} of {len(judged)}" + (f" ({killed / len(judged):.1%})" if judged else "")


def judge_all(mutations: Sequence[Mutation], project: str, results: Path, jobs: int) -> None:
    """Judges each mutant in one of the processes, and writes what was found as soon as it is there."""
    results.parent.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        results.open("a", encoding="utf-8") as file,
        ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn"), _begin, (folder,)) as pool,
    ):
        judged = as_completed([pool.submit(_judge, one) for one in mutations])
        for number, (one, verdict, seconds) in enumerate((done.result() for done in judged), start=1):
            file.write(json.dumps({"project": project, "id": one.id, **asdict(verdict), **asdict(one)}) + "\n")
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
    project = digest(REPOSITORY)
    mutations = chosen(all_mutations(REPOSITORY), given.count, SEED)
    known = read_results(given.results, project)
    missing = [one for one in mutations if one.id not in known]
    if missing:
        judge_all(missing, project, given.results, given.jobs)
    print(report(mutations, read_results(given.results, project)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
