"""Processes of a trial: each is the head of a group of its own, which is killed as a whole."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]


def start(*arguments: str, log: Path | None = None) -> subprocess.Popen[str]:
    """Starts `python ARGUMENTS` in the project, without the caller's settings; it prints to `log` or to a pipe."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("BOUSSOLE_", "DBT_"))}
    output = log.open("a", encoding="utf-8") if log else subprocess.PIPE
    try:
        return subprocess.Popen(
            [sys.executable, *arguments],
            cwd=REPOSITORY,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT if log else None,
            text=True,
            start_new_session=True,
        )
    finally:
        if log:
            output.close()  # type: ignore[union-attr]


def kill_group(process: subprocess.Popen[str], after_seconds: float) -> bool:
    """Kills a process and all that it started after a while; says whether it was still alive."""
    deadline = time.monotonic() + after_seconds
    while time.monotonic() < deadline and process.poll() is None:
        time.sleep(0.005)
    alive = process.poll() is None
    if alive:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    if process.stdout:
        process.stdout.close()
    return alive
