import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from orchestration import lock
from orchestration.errors import BoussoleError, LockHeldError
from tests.conftest import REPOSITORY

HOLD = """
import sys
from pathlib import Path
from orchestration import lock
with lock.hold(Path(sys.argv[1]), "it"):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return lock.lock_path(tmp_path / "new folder" / "boussole.duckdb")


@pytest.fixture
def other(path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the lock until its input ends or it is killed."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)],
        cwd=REPOSITORY,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_a_second_process_is_told_who_holds_it(path: Path, other: subprocess.Popen[str]) -> None:
    told = f"The warehouse is in use by process {other.pid} on .*, since 20"
    with pytest.raises(LockHeldError, match=told), lock.hold(path, "The warehouse"):
        pass
    held_by = lock.holder(path)
    assert held_by is not None
    assert held_by.pid == other.pid


def test_the_lock_dies_with_its_process(path: Path, other: subprocess.Popen[str]) -> None:
    other.kill()
    other.wait()
    assert lock.holder(path) is None
    with lock.hold(path, "it"):
        held_by = lock.holder(path)
    assert held_by is not None
    assert held_by.pid == os.getpid()


def test_waiting_until_the_other_is_done(path: Path, other: subprocess.Popen[str]) -> None:
    assert other.stdin is not None
    other.stdin.close()
    with lock.hold(path, "it", wait_seconds=20):
        pass


def test_free_after_the_block_and_after_an_error(path: Path) -> None:
    for _ in range(2):
        with pytest.raises(RuntimeError), lock.hold(path, "it"):
            raise RuntimeError
    assert lock.holder(path) is None


def test_nobody_holds_what_does_not_exist(tmp_path: Path) -> None:
    assert lock.holder(tmp_path / "none.lock") is None


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BoussoleError, match="Cannot write"), lock.hold(tmp_path / "file" / "x.lock", "it"):
        pass
