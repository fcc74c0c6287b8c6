"""dbt inside this process, on a project that need not be this folder."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner


@contextlib.contextmanager
def environment(values: Mapping[str, str]) -> Iterator[None]:
    """Only these settings of Boussole and dbt, until the block ends."""
    before = dict(os.environ)
    for name in [name for name in os.environ if name.startswith(("BOUSSOLE_", "DBT_"))]:
        del os.environ[name]
    os.environ.update({"DBT_SEND_ANONYMOUS_USAGE_STATS": "false", **values})
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def run_dbt(project: Path, *arguments: str) -> dict[str, str]:
    """Returns the status of each node by name; everything that dbt writes goes into `target` of the project.

    Raises:
        RuntimeError: dbt could not run at all.
    """
    folders = [f"--project-dir={project}", f"--profiles-dir={project}"]
    folders += [f"--target-path={project / 'target'}", f"--log-path={project}"]
    try:
        ran: Any = dbtRunner().invoke(["--quiet", "--log-level=none", "--log-level-file=none", *arguments, *folders])
    finally:
        with contextlib.suppress(Exception):  # nothing was opened
            DuckDBConnectionManager.env().close()
        DuckDBConnectionManager.close_all_connections()
    if ran.exception is not None:
        raise RuntimeError(f"dbt {' '.join(arguments)}: {ran.exception}")
    return {item.node.name: str(item.status) for item in getattr(ran.result, "results", ())}
