"""What a command costs, the processes that it starts included."""

import ctypes
import os
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

PR_SET_CHILD_SUBREAPER = 36


@dataclass(frozen=True)
class Cost:
    """How a command ended and what it cost.

    Attributes:
        exit_code: Its exit code.
        seconds: From beginning to end.
        cpu_seconds: Of all its processes, on all processors.
    """

    exit_code: int
    seconds: float
    cpu_seconds: float


def run_measured(command: Sequence[str], folder: Path) -> Cost:
    """Runs a command in a folder and returns what it cost."""
    if sys.platform == "linux":
        # Spark's Java outlives the Python that starts it: as its heir this process learns what it used.
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    before, began = _cpu_of_children(), time.monotonic()
    exit_code = subprocess.run(command, cwd=folder, check=False).returncode
    seconds = time.monotonic() - began
    while True:
        try:
            os.wait()
        except ChildProcessError:
            break
    return Cost(exit_code, seconds, _cpu_of_children() - before)


def _cpu_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
