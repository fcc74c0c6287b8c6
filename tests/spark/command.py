"""The command line on one engine or the other."""

import subprocess
import sys
from pathlib import Path

from tests.conftest import REPOSITORY


def build(target: str, raw: Path, database: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Runs the warehouse of a raw folder."""
    command = [sys.executable, "-m", "orchestration", "run", "--target", target, "--raw", str(raw)]
    command += ["--database", str(database), "--publish-dir", str(database.parent / "published"), *options]
    return subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False, timeout=900)
