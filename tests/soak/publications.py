"""Publications that are killed at random moments: what readers see stays whole, and the next one needs no help."""

import os
import random
import time
from pathlib import Path

from tests.soak import checks, processes, publisher


def killed_publications(folder: Path, count: int, seed: int = 1) -> tuple[list[str], int]:
    """Kills `count` publishing processes; returns what was found wrong, and how many were in the midst of publishing.

    Args:
        folder: Where they work.
        count: How many are killed.
        seed: Of the moments.
    """
    moments = random.Random(seed)  # noqa: S311 - moments are no secrets
    target = publisher.publish_dir(folder)
    began = time.monotonic()
    problems = _publish(folder)
    window = time.monotonic() - began
    midst = 0
    for number in range(count):
        process = processes.start("-m", "tests.soak.publisher", str(folder), "1000")
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        after = moments.uniform(0, window)
        if not processes.kill_group(process, after):
            problems.append(f"publisher {number} ended by itself")
        problems += [f"kill {number} after {after:.3f} s: {found}" for found in checks.damage(target)]
        midst += any(name.startswith(".tmp-") for name in os.listdir(target / "versions"))
    problems += _publish(folder)
    return problems + [f"left over: {name}" for name in checks.orphans(target)], midst


def _publish(folder: Path) -> list[str]:
    """Publishes once, to the end."""
    process = processes.start("-m", "tests.soak.publisher", str(folder), "1")
    process.communicate()
    problems = checks.damage(publisher.publish_dir(folder))
    return problems if process.returncode == 0 else [*problems, "a publication that nobody killed failed"]
