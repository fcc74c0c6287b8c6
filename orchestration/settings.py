"""What one run works on: folders, files and choices, resolved and checked before anything starts."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from orchestration.errors import BoussoleError
from orchestration.versions import LEAST_KEPT

PROJECT_DIR = Path(__file__).resolve().parent.parent
DEFAULT_RAW_DIR = Path("sample_data")
DEFAULT_DATABASE = Path("warehouse/boussole.duckdb")
# Of the target `spark`: the copy of its results, beside Spark's own tables.
DEFAULT_SPARK_DATABASE = Path("warehouse/spark/boussole.duckdb")
DEFAULT_PUBLISH_DIR = Path("published")
SPARK = "spark"

PUBLISHED_SCHEMAS = ("core", "kpis")
# DuckDB names a catalog after its file; these names would be ambiguous in `schema.table`.
_RESERVED_CATALOGS = {
    "build",
    "core",
    "kpis",
    "quality",
    "staging",
    "intermediate",
    "main",
    "memory",
    "publication",
    "raw",
    "system",
    "temp",
}


@dataclass(frozen=True)
class Settings:
    """Everything that a run needs to know.

    Attributes:
        project_dir: The dbt project.
        raw_dir: Folder of the raw tables, absolute.
        database: The private DuckDB file that dbt builds, or on Spark the copy of its results, absolute.
        publish_dir: Folder of the published versions, absolute.
        target_path: Where dbt writes its artifacts, absolute.
        log_dir: Where the log of each run goes, absolute.
        variables: dbt variables that differ from dbt_project.yml.
        full_refresh: Rebuild incremental models from nothing.
        target: dbt target of profiles.yml; None means the profile's default.
        select: dbt selection; such a partial run publishes nothing.
        tests: Whether the tests are run; what was not tested is not published.
        keep_builds: How many published builds are kept.
        accepts_changes: Publish also what differs much from the published build.
    """

    project_dir: Path
    raw_dir: Path
    database: Path
    publish_dir: Path
    target_path: Path
    log_dir: Path
    variables: Mapping[str, Any] = field(default_factory=dict)
    full_refresh: bool = False
    target: str | None = None
    select: tuple[str, ...] = ()
    tests: bool = True
    keep_builds: int = LEAST_KEPT
    accepts_changes: bool = False

    @property
    def is_sample(self) -> bool:
        """Whether the raw tables are the sample that comes with the project."""
        return self.raw_dir == (self.project_dir / DEFAULT_RAW_DIR).resolve()

    @property
    def history(self) -> Path:
        """File of the snapshots that `keep_history` takes; nothing of ours ever deletes it."""
        defaults = ((self.project_dir / path).resolve() for path in (DEFAULT_DATABASE, DEFAULT_SPARK_DATABASE))
        folder = self.project_dir / "history" if self.database in defaults else self.database.parent
        return folder / f"{self.database.stem}_history.duckdb"

    @property
    def runs_unit_tests(self) -> bool:
        """Whether dbt's unit tests are part of the run.

        They check the project's logic under its default variables, not the data: a run on the
        sample with these defaults includes them, a run on a company's data does not.
        """
        return self.is_sample and not self.variables


def resolve(
    *,
    project_dir: Path = PROJECT_DIR,
    raw_dir: Path | None = None,
    database: Path | None = None,
    publish_dir: Path | None = None,
    variables: Mapping[str, Any] | None = None,
    full_refresh: bool = False,
    target: str | None = None,
    select: tuple[str, ...] = (),
    tests: bool = True,
    keep_builds: int = LEAST_KEPT,
    accepts_changes: bool = False,
) -> Settings:
    """Returns checked settings; paths not given are the project's defaults, given ones are relative to here.

    Raises:
        BoussoleError: The database file has a name that cannot be used.
    """
    default_database = (project_dir / (DEFAULT_SPARK_DATABASE if target == SPARK else DEFAULT_DATABASE)).resolve()
    database = (database or default_database).resolve()
    _check_database(database)
    raw_dir = (raw_dir or project_dir / DEFAULT_RAW_DIR).resolve()
    publish_dir = (publish_dir or project_dir / DEFAULT_PUBLISH_DIR).resolve()
    # Another database has its own artifacts and logs beside it: runs on two databases do not disturb each other.
    files = project_dir if database == default_database else database.with_name(database.name + ".files")
    return Settings(
        project_dir=project_dir,
        raw_dir=raw_dir,
        database=database,
        publish_dir=publish_dir,
        # dbt parses everything again when the adapter changes, so each engine has its artifacts.
        target_path=files / "target" / SPARK if target == SPARK else files / "target",
        log_dir=files / "logs",
        variables=dict(variables or {}),
        full_refresh=full_refresh,
        target=target,
        select=select,
        tests=tests,
        keep_builds=keep_builds,
        accepts_changes=accepts_changes,
    )


def check_raw_dir(raw_dir: Path) -> None:
    """Checks what can be said of the raw folder before dbt looks into it.

    Raises:
        BoussoleError: It does not exist or its path cannot be used.
    """
    if not raw_dir.is_dir():
        raise BoussoleError(
            f"The raw folder {raw_dir} does not exist or is not a folder. "
            "Give the folder that holds your raw tables with --raw."
        )
    if re.search(r"[*?\[\]]", str(raw_dir)):
        raise BoussoleError(
            f"The path of the raw folder, {raw_dir}, contains * ? [ or ], which mean patterns of file names. "
            "Rename or move the folder."
        )


def _check_database(database: Path) -> None:
    if database.is_dir():
        raise BoussoleError(f"{database} is a folder. Give a file with --database, such as {database}/boussole.duckdb.")
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", database.stem) or database.stem.lower() in _RESERVED_CATALOGS:
        raise BoussoleError(
            f"The database file cannot be called {database.name}: DuckDB names its catalog after the file. "
            "Use letters, digits and _, for example boussole.duckdb, and none of these names: "
            + ", ".join(sorted(_RESERVED_CATALOGS))
        )
