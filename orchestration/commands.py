"""The dbt commands of a run and of an explanation, built from their settings without side effects."""

import json
from collections.abc import Mapping

from orchestration.settings import Settings


def build_arguments(settings: Settings) -> list[str]:
    """Returns the arguments of `dbt build` for these settings."""
    arguments = _arguments("build", settings)
    if settings.full_refresh:
        arguments.append("--full-refresh")
    if not settings.tests:
        arguments += ["--exclude-resource-type", "test", "unit_test"]
    elif not settings.runs_unit_tests:
        arguments += ["--exclude-resource-type", "unit_test"]
    if settings.select:
        # Only the tests that need nothing outside the part: on a new database the rest would fail for want of it.
        arguments += ["--indirect-selection=buildable", "--select", *settings.select]
    return arguments


def compile_arguments(settings: Settings, text: str) -> list[str]:
    """Returns the arguments of `dbt compile` for a text of SQL and Jinja; dbt does not open the database for it."""
    return [*_arguments("compile", settings), "--no-populate-cache", "--no-introspect", "--inline", text]


def _arguments(command: str, settings: Settings) -> list[str]:
    arguments = [
        # Progress, summary and log are made from dbt's events; dbt itself prints and logs nothing.
        "--no-use-colors",
        "--no-print",
        "--log-level=none",
        "--log-level-file=none",
        command,
        f"--project-dir={settings.project_dir}",
        f"--profiles-dir={settings.project_dir}",
        f"--target-path={settings.target_path}",
        f"--log-path={settings.log_dir}",
    ]
    if settings.target:
        arguments.append(f"--target={settings.target}")
    if settings.variables:
        arguments += ["--vars", json.dumps(settings.variables, sort_keys=True)]
    return arguments


def build_environment(settings: Settings, inherited: Mapping[str, str]) -> dict[str, str]:
    """Returns the environment that dbt runs in.

    The `DBT_…` options of the surrounding shell are left out, because they would silently change the
    run; `DBT_ENV_…` (variables for profiles, secrets too) are kept.
    """
    kept = {name: value for name, value in inherited.items() if _is_kept(name)}
    if settings.variables.get("keep_history"):
        kept.setdefault("BOUSSOLE_HISTORY", str(settings.history))
    return kept | {
        "BOUSSOLE_RAW_DIR": str(settings.raw_dir),
        "BOUSSOLE_DATABASE": str(settings.database),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "DO_NOT_TRACK": "1",
    }


def _is_kept(name: str) -> bool:
    return not name.startswith("DBT_") or name.startswith("DBT_ENV_")
