"""Remembers the last run on a database in a small file beside it."""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

RUNNING = "running"
SUCCEEDED = "succeeded"
FAILED = "failed"
CUT_SHORT = "cut short"


@dataclass(frozen=True)
class LastRun:
    """The last run on a database.

    Attributes:
        run_id: Its id.
        started_at: When it began, UTC, ISO 8601.
        command: Its command line.
        raw_dir: Where its raw tables were.
        variables: The variables that it was given.
        log: Its log.
        ended_as: RUNNING until it ends; a killed run stays so.
        ended_at: When it ended.
        exit_code: Its exit code.
        problem: Why it did not succeed, if that is one reason.
        published: The version it published, if it did.
    """

    run_id: str
    started_at: str
    command: str
    raw_dir: str
    log: str
    variables: Mapping[str, Any] = field(default_factory=dict)
    ended_as: str = RUNNING
    ended_at: str | None = None
    exit_code: int | None = None
    problem: str | None = None
    published: str | None = None


def path_of(database: Path) -> Path:
    """Returns the file that remembers the last run on `database`."""
    return database.with_name(database.name + ".last_run.json")


def write(database: Path, last: LastRun) -> None:
    """Replaces the memory of the last run, in one step."""
    path = path_of(database)
    temporary = path.with_name(path.name + ".tmp")
    temporary.write_text(json.dumps(asdict(last), indent=2, default=str) + "\n", encoding="utf-8")
    os.replace(temporary, path)


def read(database: Path) -> LastRun | None:
    """Returns the last run on `database`, or None if there was none."""
    try:
        return LastRun(**json.loads(path_of(database).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
