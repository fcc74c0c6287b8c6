"""One log file per run, of which the newest are kept."""

import datetime as dt
import re
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

KEPT_LOGS = 30
_RUN_ID = r"\d{8}T\d{6}Z-[0-9a-f]{6}"


def new_run_id(now: dt.datetime | None = None, after: Iterable[str] = ()) -> str:
    """Returns an id for a run that sorts by time: `20241231T235959Z-1a2b3c`.

    Args:
        now: The moment of the run; by default the clock's.
        after: Ids that it must sort after: where the clock was set back, or within their second, it is
            one second later than the last of them.
    """
    moment = (now or dt.datetime.now(dt.UTC)).astimezone(dt.UTC)
    if last := max(filter(is_run_id, after), default=None):
        following = dt.datetime.strptime(last[:16], "%Y%m%dT%H%M%SZ").replace(tzinfo=dt.UTC) + dt.timedelta(seconds=1)
        moment = max(moment, following)
    return f"{moment:%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"


def logged_runs(log_dir: Path) -> list[str]:
    """Returns the ids of the runs whose logs are kept, oldest first."""
    return sorted(path.stem for path in log_dir.glob("*.log") if is_run_id(path.stem))


def is_run_id(text: str) -> bool:
    """Whether `text` is the id of a run."""
    return re.fullmatch(_RUN_ID, text) is not None


class RunLog:
    """The log of one run; every line gets the time (UTC)."""

    def __init__(self, path: Path, stream: TextIO) -> None:
        """Writes to `stream`, which is the file `path`."""
        self.path = path
        self._stream = stream

    def write(self, text: str) -> None:
        """Adds a line."""
        now = dt.datetime.now(dt.UTC)
        self._stream.write(f"{now:%Y-%m-%dT%H:%M:%S}.{now.microsecond // 1000:03d}Z {text.rstrip()}\n")


@contextmanager
def open_log(log_dir: Path, run_id: str, keep: int = KEPT_LOGS) -> Iterator[RunLog]:
    """Opens the log of a run and removes the oldest ones beyond `keep`."""
    log_dir.mkdir(parents=True, exist_ok=True)
    path = log_dir / f"{run_id}.log"
    with path.open("w", encoding="utf-8", errors="replace", buffering=1) as stream:
        for old in logged_runs(log_dir)[:-keep]:
            (log_dir / f"{old}.log").unlink(missing_ok=True)
        yield RunLog(path, stream)
