"""The dbt variables of a run: read from the command line and checked against dbt_project.yml."""

import datetime as dt
import difflib
import re
from pathlib import Path
from typing import Any

import yaml

from orchestration.errors import BoussoleError

AS_OF_DATE = "as_of_date"
RAW_DIR = "raw_dir"


def known_variables(project_dir: Path) -> dict[str, Any]:
    """Returns the variables that dbt_project.yml declares, with their defaults.

    Raises:
        BoussoleError: There is no readable dbt_project.yml.
    """
    path = project_dir / "dbt_project.yml"
    try:
        project = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise BoussoleError(f"Cannot read {path}: {error}") from error
    declared: dict[str, Any] = project.get("vars") or {}
    # Variables may stand at the top or below the project's name.
    own = declared.get(project["name"])
    return {**{k: v for k, v in declared.items() if k != project["name"]}, **(own if isinstance(own, dict) else {})}


def parse_as_of(text: str) -> str:
    """Returns `text` if it is a date as Boussole reads it, YYYY-MM-DD from 1970 on.

    Raises:
        BoussoleError: It is not.
    """
    message = f"--as-of {text!r} is not a date. Write it as YYYY-MM-DD, for example 2024-12-31."
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        raise BoussoleError(message)
    try:
        day = dt.date.fromisoformat(text)
    except ValueError as error:
        raise BoussoleError(message) from error
    if day.year < 1970:
        raise BoussoleError(f"--as-of {text} is before 1970, where no data can be.")
    return text


def parse_vars(text: str) -> dict[str, Any]:
    """Returns the mapping that `text`, YAML as dbt takes it, stands for.

    Raises:
        BoussoleError: It is not YAML, or not a mapping of names to values.
    """
    example = "Write a YAML mapping, for example --vars '{reporting_currency: USD}'."
    try:
        value = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError) as error:  # ValueError: a date such as 2024-13-45
        raise BoussoleError(f"--vars is not valid YAML ({' '.join(str(error).split())}). {example}") from error
    if value is None:
        return {}
    if not isinstance(value, dict) or not all(isinstance(name, str) for name in value):
        raise BoussoleError(f"--vars {text!r} is not a mapping of names to values. {example}")
    return value


def merge(project_dir: Path, as_of: str | None = None, variables: str | dict[str, Any] | None = None) -> dict[str, Any]:
    """Returns the variables of a run.

    Args:
        project_dir: The dbt project, whose `vars:` are the names that exist.
        as_of: The day to compute everything as of, YYYY-MM-DD.
        variables: Other variables, as YAML text or as a mapping.

    Raises:
        BoussoleError: A name is unknown, a date or the YAML is wrong, or as_of_date is given twice.
    """
    merged = parse_vars(variables) if isinstance(variables, str) else dict(variables or {})
    known = known_variables(project_dir)
    if RAW_DIR in merged:
        raise BoussoleError("Give the raw folder with --raw, not as a variable.")
    for name in merged:
        if name not in known:
            raise BoussoleError(f"Unknown variable {name!r}. {_suggestion(name, list(known))}")
    if as_of is not None:
        if AS_OF_DATE in merged:
            raise BoussoleError("The as-of date is given twice, by --as-of and in --vars. Leave one out.")
        merged[AS_OF_DATE] = as_of
    if merged.get(AS_OF_DATE) is not None:
        merged[AS_OF_DATE] = parse_as_of(str(merged[AS_OF_DATE]))
    return {name: value.isoformat() if isinstance(value, dt.date) else value for name, value in merged.items()}


def _suggestion(name: str, known: list[str]) -> str:
    close = difflib.get_close_matches(name.lower().replace("-", "_"), known, n=1)
    if close:
        return f"Did you mean {close[0]!r}?"
    return "dbt_project.yml declares: " + ", ".join(sorted(known)) + "."
