"""One process at a time: a lock that the operating system drops when its process ends, however it ends."""

import datetime as dt
import fcntl
import json
import os
import shlex
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from orchestration.errors import BoussoleError, LockHeldError


@dataclass(frozen=True)
class Holder:
    """Who holds a lock, and since when (UTC, ISO 8601)."""

    pid: int
    host: str
    command: str
    since: str

    def __str__(self) -> str:
        """Says it in words."""
        return f"process {self.pid} on {self.host}, since {self.since} ({self.command})"


def lock_path(file: Path) -> Path:
    """Returns the lock file that guards `file`."""
    return file.with_name(file.name + ".lock")


@contextmanager
def hold(path: Path, purpose: str, wait_seconds: float = 0) -> Iterator[None]:
    """Holds the lock file `path` for the length of the block.

    The file itself stays: removing it would let two processes lock two files of the same name.

    Args:
        path: The lock file; its folder is created.
        purpose: What the lock protects, for the error message.
        wait_seconds: How long to wait for another holder before giving up.

    Raises:
        LockHeldError: Another process still holds it.
        BoussoleError: The lock file cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise BoussoleError(f"Cannot write {path}: {error.strerror}. Check the folder and its permissions.") from error
    try:
        deadline = time.monotonic() + wait_seconds
        while not _try_lock(descriptor, fcntl.LOCK_EX):
            if time.monotonic() >= deadline:
                raise LockHeldError(
                    f"{purpose} is in use by {_read(descriptor) or 'another process'}. "
                    "Wait until it has finished, or end it, and run again."
                )
            time.sleep(0.1)
        _write(descriptor)
        yield
    finally:
        os.close(descriptor)


def holder(path: Path) -> Holder | None:
    """Returns who holds the lock file `path` now, or None if it is free."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return None
    try:
        if _try_lock(descriptor, fcntl.LOCK_SH):
            return None
        return _read(descriptor) or Holder(pid=0, host="unknown", command="unknown", since="unknown")
    finally:
        os.close(descriptor)


def _try_lock(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _write(descriptor: int) -> None:
    program = Path(sys.argv[0])
    words = ["python", "-m", program.parent.name] if program.name == "__main__.py" else [program.name]
    me = Holder(
        pid=os.getpid(),
        host=socket.gethostname(),
        command=shlex.join([*words, *sys.argv[1:]]),
        since=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
    )
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, json.dumps(asdict(me)).encode(), 0)


def _read(descriptor: int) -> Holder | None:
    try:
        return Holder(**json.loads(os.pread(descriptor, 65536, 0)))
    except (ValueError, TypeError):  # just taken and not yet written
        return None
