"""The project, compiled once for every test that asks for it."""

import pytest

from .compiled import SOME_DAY, Compiled, compile_project, copy_project


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Compiled:
    return compile_project(copy_project(tmp_path_factory.mktemp("harness") / "project"))


@pytest.fixture(scope="session")
def compiled_as_of(tmp_path_factory: pytest.TempPathFactory) -> Compiled:
    """To be moved to any day by `as_of`."""
    project = copy_project(tmp_path_factory.mktemp("harness_as_of") / "project")
    return compile_project(project, {"as_of_date": SOME_DAY})
