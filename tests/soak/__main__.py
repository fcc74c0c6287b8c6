"""`python -m tests.soak TRIAL`: runs one trial and ends with 1 if anything was wrong."""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from tests.soak.publications import killed_publications
from tests.soak.readers import readers_through_publications
from tests.soak.runs import killed_runs, two_runs_at_once


def main() -> None:
    """Runs the trial that the command line names."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    trials = parser.add_subparsers(dest="trial", required=True)
    kills = trials.add_parser("kills", help="kill whole runs")
    kills.add_argument("--count", type=int, default=200)
    kills.add_argument("--finish-every", type=int, default=1, help="kills between runs that may end")
    kills.add_argument("--seed", type=int)
    publications = trials.add_parser("publications", help="kill publications only; many in little time")
    publications.add_argument("--count", type=int, default=200)
    readers = trials.add_parser("readers", help="read through publications")
    readers.add_argument("--publications", type=int, default=50)
    readers.add_argument("--readers", type=int, default=8)
    trials.add_parser("together", help="two runs at once")
    for trial in trials.choices.values():
        trial.add_argument("--folder", type=Path, help="where to work, and to go on later; default: a temporary folder")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="boussole-soak-") as temporary:
        folder = (given.folder or Path(temporary)).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        began = time.monotonic()
        problems, said = _run(given, folder)
    print("\n".join(problems))
    print(f"{given.trial}: {said}, {len(problems)} problems, {time.monotonic() - began:.0f} s")
    sys.exit(1 if problems else 0)


def _run(given: argparse.Namespace, folder: Path) -> tuple[list[str], str]:
    if given.trial == "kills":
        return killed_runs(folder, given.count, given.finish_every, given.seed), f"{given.count} runs killed"
    if given.trial == "publications":
        problems, midst = killed_publications(folder, given.count)
        return problems, f"{given.count} publishing processes killed, {midst} of them in the midst of it"
    if given.trial == "readers":
        problems, queries = readers_through_publications(folder, given.publications, given.readers)
        return problems, f"{queries} queries of {given.readers} readers through {given.publications} publications"
    return two_runs_at_once(folder), "two runs at once"


if __name__ == "__main__":
    main()
