"""dbt inside this process, on a project that need not be this folder."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from dbt.cli.main import dbtRunner

from orchestration import dbt_run


def environment(values: Mapping[str, str]) -> AbstractContextManager[None]:
    """Only these settings of Boussole and dbt, until the block ends."""
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("BOUSSOLE_", "DBT_"))}
    return dbt_run.environment({**inherited, "DBT_SEND_ANONYMOUS_USAGE_STATS": "false", **values})


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
        dbt_run.close_database()
    if ran.exception is not None:
        raise RuntimeError(f"dbt {' '.join(arguments)}: {ran.exception}")
    return {item.node.name: str(item.status) for item in getattr(ran.result, "results", ())}
