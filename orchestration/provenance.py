"""What made a build: the code, the engine, the packages, and what the tests said."""

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path

# What decides the numbers: a raw folder that lies in the project is no change of it.
CODE = ("dbt_project.yml", "macros", "models", "orchestration", "seeds", "snapshots", "tests/dbt", "requirements.lock")
PACKAGES = ("boussole", "dbt-core", "dbt-duckdb", "dbt-spark", "duckdb", "pyspark")


@dataclass(frozen=True)
class Provenance:
    """What made a build.

    Attributes:
        engine: The kind of database that computed it, as dbt names its adapter.
        git_commit: Commit of the project; None outside a repository.
        is_dirty: Whether the code of the project had changes that are not in that commit; None outside a repository.
        tests: Number of tests by how they ended: passed, warned, failed.
        packages: Versions of the packages that decide the numbers.
    """

    engine: str = "duckdb"
    git_commit: str | None = None
    is_dirty: bool | None = None
    tests: Mapping[str, int] = field(default_factory=dict)
    packages: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        """Says it in one line."""
        changed = " with changes" if self.is_dirty else ""
        code = f"commit {self.git_commit[:12]}{changed}" if self.git_commit else "no commit"
        packages = ", ".join(f"{name} {version}" for name, version in self.packages.items())
        return f"{code}, on {self.engine}" + (f" ({packages})" if packages else "")


def collect(project_dir: Path, engine: str, tests: Mapping[str, int]) -> Provenance:
    """Returns what makes a build of the project here and now."""
    commit = _git(project_dir, "rev-parse", "HEAD")
    changes = _git(project_dir, "status", "--porcelain", "--", *CODE) if commit else None
    return Provenance(
        engine=engine,
        git_commit=commit or None,
        is_dirty=None if changes is None else bool(changes),
        tests=dict(tests),
        packages=_versions(),
    )


def _git(project_dir: Path, *arguments: str) -> str | None:
    """Returns the answer of git, or None where there is no git or no repository."""
    try:
        ran = subprocess.run(["git", "-C", str(project_dir), *arguments], capture_output=True, text=True, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return ran.stdout.strip() if ran.returncode == 0 else None


def _versions() -> dict[str, str]:
    found = {}
    for name in PACKAGES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found
