"""The published versions: which are kept, which one readers see, and how that changes in one step."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from orchestration import lock
from orchestration.errors import BoussoleError
from orchestration.manifest import DATABASE_NAME, Manifest, read
from orchestration.run_log import is_run_id

CURRENT = "current"
# A reader that is opening a version must not see it removed: two publications later it has it open.
LEAST_KEPT = 3
LOCK_WAIT_SECONDS = 60.0


@contextmanager
def changing(publish_dir: Path) -> Iterator[Path]:
    """Holds the lock of the publication folder for the block, which gets the folder of the versions.

    Raises:
        LockHeldError: Another process is publishing.
        BoussoleError: The folder cannot be used.
    """
    with lock.hold(publish_dir / ".lock", f"The publication folder {publish_dir}", LOCK_WAIT_SECONDS):
        versions = publish_dir / "versions"
        versions.mkdir(exist_ok=True)
        _remove_leftovers(publish_dir)
        yield versions


def kept(publish_dir: Path) -> list[str]:
    """Returns the ids of the published versions that are kept, oldest first."""
    try:
        return sorted(name for name in os.listdir(publish_dir / "versions") if is_run_id(name))
    except OSError:
        return []


def current_id(publish_dir: Path) -> str | None:
    """Returns the id of the version that readers see now, or None if nothing is published."""
    try:
        return Path(os.readlink(publish_dir / CURRENT)).name
    except OSError:
        return None


def current(publish_dir: Path) -> Manifest | None:
    """Returns the manifest of the version that readers see now, or None if nothing is published."""
    return read(publish_dir / CURRENT)


def find(publish_dir: Path, build: str) -> Path:
    """Returns the folder of a kept version.

    Args:
        publish_dir: Where versions are published.
        build: Its id, or `current`, or `previous`: the newest before the current one.

    Raises:
        BoussoleError: There is no such version.
    """
    ids, shown = kept(publish_dir), current_id(publish_dir)
    wanted: str | None = build
    if build == CURRENT:
        wanted = shown
    elif build == "previous":
        wanted = max((one for one in ids if shown and one < shown), default=None)
    if wanted not in ids:
        there = ", ".join(ids) or "none"
        raise BoussoleError(f"There is no {build} build in {publish_dir}. Builds that are kept: {there}.")
    return publish_dir / "versions" / str(wanted)


def point_current_to(publish_dir: Path, build_id: str) -> None:
    """Shows a version to readers, in one step."""
    link = publish_dir / f".current-{build_id}"
    link.symlink_to(Path("versions") / build_id, target_is_directory=True)
    link.replace(publish_dir / CURRENT)
    sync(publish_dir)


def remove_old(publish_dir: Path, keep: int) -> None:
    """Keeps the newest versions, and what `current` points to."""
    shown = current_id(publish_dir)
    for build_id in kept(publish_dir)[: -max(keep, LEAST_KEPT)]:
        if build_id != shown:
            # Renamed first: who is killed on the way leaves no half of a version under its name.
            leftover = publish_dir / "versions" / f".tmp-{build_id}"
            (publish_dir / "versions" / build_id).rename(leftover)
            shutil.rmtree(leftover, ignore_errors=True)


def make_durable(folder: Path) -> None:
    """Makes the files of a version read-only and forces them and their folders to the disk."""
    for path in [*folder.rglob("*"), folder]:
        if path.is_file():
            path.chmod(0o444)
        sync(path)


def sync(path: Path) -> None:
    """Forces a file or a folder to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def database_of(version: Path) -> Path:
    """Returns the database of a version."""
    return version / DATABASE_NAME


def _remove_leftovers(publish_dir: Path) -> None:
    """Removes what dead processes left; the lock says that no living one is publishing."""
    for folder in (publish_dir / "versions").glob(".tmp-*"):
        shutil.rmtree(folder)
    for link in publish_dir.glob(".current-*"):
        link.unlink()
