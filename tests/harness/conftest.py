"""The project, compiled once for every test that asks for it, in every worker."""

import pickle
from datetime import date

import pytest

from orchestration.lock import hold
from tests.conftest import RUN_TIMEOUT_SECONDS, shared_folder

from .compiled import SOME_DAY, Compiled, compile_project, copy_project

LAST_DAY = date(2024, 9, 10)  # of random folders


@pytest.fixture(scope="session")
def compiled_as_of(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Compiled:
    """To be moved to any day by `as_of`."""
    shared = shared_folder(tmp_path_factory, worker_id)
    kept = shared / "compiled.pickle"
    with hold(shared / "compiled.lock", "The compiled project", RUN_TIMEOUT_SECONDS):
        if not kept.exists():
            project = copy_project(shared / "compiled")
            kept.write_bytes(pickle.dumps(compile_project(project, {"as_of_date": SOME_DAY})))
        found: Compiled = pickle.loads(kept.read_bytes())  # noqa: S301 - made by this run of the tests
        return found


@pytest.fixture(scope="session")
def compiled(compiled_as_of: Compiled) -> Compiled:
    """As of the last day of random folders."""
    return compiled_as_of.as_of(LAST_DAY)
