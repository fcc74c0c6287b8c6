"""The snippets of docs/OPERATIONS.md are what their tools can read, and name commands that exist."""

import ast
import configparser
import re
import subprocess
from pathlib import Path

import pytest
import yaml

from orchestration.cli import cli
from tests.conftest import REPOSITORY, run_cli
from tests.python.tiny_builds import publish_build

TEXT = (REPOSITORY / "docs/OPERATIONS.md").read_text(encoding="utf-8")


def snippets(language: str) -> list[str]:
    found = re.findall(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)
    assert found
    return found


@pytest.mark.parametrize("code", snippets("python"))
def test_python_can_be_parsed(code: str) -> None:
    ast.parse(code)


@pytest.mark.parametrize("unit", snippets("ini"))
def test_units_are_ini_files(unit: str) -> None:
    parser = configparser.ConfigParser(interpolation=None)
    parser.read_string(unit)
    assert {"Service", "Timer"} & set(parser.sections())


def test_cron_lines_have_five_fields_and_a_command() -> None:
    (line,) = snippets("cron")
    fields = line.split(maxsplit=5)
    assert all(re.fullmatch(r"[\d*/,-]+", field) for field in fields[:5])
    subprocess.run(["/bin/sh", "-n", "-c", fields[5]], check=True)
    assert "%" not in line  # cron makes line ends of it


@pytest.mark.parametrize("code", snippets("sh"))
def test_shell_can_be_parsed(code: str) -> None:
    subprocess.run(["/bin/sh", "-n", "-c", code], check=True)


def test_every_command_and_option_exists() -> None:
    for name, options in re.findall(r"-m orchestration (\w+)([^\n`#|]*)", TEXT):
        known = {option for parameter in cli.commands[name].params for option in parameter.opts}
        assert set(re.findall(r"--[a-z-]+", options)) <= known


def test_every_setting_exists() -> None:
    known = yaml.safe_load((REPOSITORY / "dbt_project.yml").read_text(encoding="utf-8"))["vars"]
    for name in ("keep_history", "quarantine_warn_share", "quarantine_stop_share", "pseudonymise_people"):
        assert name in TEXT
        assert name in known


def test_the_age_of_what_is_published(tmp_path: Path) -> None:
    publish_build(tmp_path, 1)
    (query,) = re.findall(r'sql "(select date_diff[^"]*)"', TEXT)
    ran = run_cli("sql", query, "--format", "csv", "--publish-dir", str(tmp_path / "published"))
    assert ran.stdout == "hours\n0\n"
