"""What `make contract` writes is what the raw contract says."""

from orchestration.contract import regenerate
from tests.conftest import REPOSITORY


def test_the_generated_files_are_up_to_date() -> None:
    differing = regenerate(REPOSITORY, check=True)
    assert not differing, f"run `make contract` and commit the result: {[str(path) for path in differing]}"
