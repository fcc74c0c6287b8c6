"""Shows readers an earlier build again."""

import contextlib
from pathlib import Path

import duckdb

from orchestration import manifest, versions
from orchestration.errors import BoussoleError, CheckFailedError


def roll_back(publish_dir: Path, build: str = "previous") -> str:
    """Points `current` to a kept build, in one step, and returns its id; the next run publishes on as usual.

    Args:
        publish_dir: Where versions are published.
        build: Id of the build, or `previous`.

    Raises:
        CheckFailedError: The build is damaged.
        BoussoleError: There is no such build, or the folder cannot be used.
    """
    if not (publish_dir / "versions").is_dir():
        raise BoussoleError(f"Nothing is published in {publish_dir}. Give the folder with --publish-dir.")
    try:
        with versions.changing(publish_dir):
            version = versions.find(publish_dir, build)
            _check_opens(version)
            versions.point_current_to(publish_dir, version.name)
    except OSError as error:
        raise BoussoleError(f"Cannot change what {publish_dir} shows: {error}. Check the folder.") from error
    return version.name


def _check_opens(version: Path) -> None:
    """Checks what can be checked at once: readers wait for a rollback. `verify` reads every value."""
    try:
        with contextlib.closing(duckdb.connect(str(versions.database_of(version)), read_only=True)) as connection:
            connection.execute("select count(*) from duckdb_tables()").fetchall()
    except duckdb.Error as error:
        raise CheckFailedError(
            f"The build {version.name} cannot be opened: {error}. Choose another: python -m orchestration status"
        ) from error
    if manifest.read(version) is None:
        raise CheckFailedError(f"The build {version.name} has no manifest that can be read. Choose another.")
