"""Remembers the last run on a database in a small file beside it."""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from orchestration.provenance import Provenance

RUNNING = "running"
SUCCEEDED = "succeeded"
FAILED = "failed"
CUT_SHORT = "cut short"


@dataclass(frozen=True)
class GreenBuild:
    """A whole build whose tests passed, which may be published as long as its database stays as it was.

    Attributes:
        relations: (schema, name) of what is to be published.
        as_of_date: The day that its KPIs are as of.
        provenance: What made it.
        database_state: Size and time of change of the database (`state_of`).
    """

    relations: tuple[tuple[str, str], ...]
    as_of_date: str | None
    provenance: Provenance
    database_state: str


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
        problem: Why it did not succeed or publish, if that is one reason.
        published: The version it published, if it did.
        green: What it built, if that may be published.
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
    green: GreenBuild | None = None


def state_of(database: Path) -> str:
    """Returns what changes whenever the database is written."""
    found = database.stat()
    return f"{found.st_size} bytes at {found.st_mtime_ns}"


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
        content = json.loads(path_of(database).read_text(encoding="utf-8"))
        return LastRun(**{**content, "green": _green(content.get("green"))})
    except (OSError, ValueError, TypeError, AttributeError):
        return None


def _green(content: dict[str, Any] | None) -> GreenBuild | None:
    if content is None:
        return None
    relations = tuple((schema, name) for schema, name in content["relations"])
    return GreenBuild(**{**content, "relations": relations, "provenance": Provenance(**content["provenance"])})
