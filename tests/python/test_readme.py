"""The README and the Makefile say what the command line really takes."""

import re
import subprocess

import click

from orchestration.cli import cli
from tests.conftest import REPOSITORY

README = (REPOSITORY / "README.md").read_text(encoding="utf-8")


def readme_options() -> dict[str, set[str]]:
    """The options of each command, as the table of the README lists them."""
    section = README.split("## Command line", 1)[1].split("\n## ", 1)[0]
    options: dict[str, set[str]] = {}
    command = ""
    for first, second in re.findall(r"^\|([^|]*)\|([^|]*)\|", section, re.MULTILINE):
        if name := re.fullmatch(r"`(\w+)`", first.strip()):
            command = name.group(1)
            options[command] = set()
        elif option := re.match(r"`(--[\w-]+)", second.strip()):
            options[command].add(option.group(1))
    return options


def test_the_readme_lists_exactly_the_commands_and_options() -> None:
    real = {
        name: {option for parameter in command.params for option in parameter.opts if option.startswith("--")}
        for name, command in cli.commands.items()
    }
    assert readme_options() == real


def test_every_option_has_a_help_text() -> None:
    for command in cli.commands.values():
        assert command.help
        for parameter in command.params:
            if isinstance(parameter, click.Argument):  # its command's help speaks of it
                assert parameter.human_readable_name in command.help
                continue
            assert isinstance(parameter, click.Option)
            assert parameter.help, f"{command.name} {parameter.opts}"


def test_every_make_target_that_is_mentioned_exists() -> None:
    listed = subprocess.run(["make", "help"], cwd=REPOSITORY, capture_output=True, text=True, check=True).stdout
    targets = set(re.findall(r"^  make (\w+)", listed, re.MULTILINE))
    texts = README + (REPOSITORY / "CONTRIBUTING.md").read_text(encoding="utf-8")
    mentioned = {name for names in re.findall(r"(?m)(?:`|^)make ((?:[a-z]+ ?)+)", texts) for name in names.split()}
    assert mentioned <= targets


def test_relative_links_lead_somewhere() -> None:
    for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md"):
        text = (REPOSITORY / name).read_text(encoding="utf-8")
        for link in re.findall(r"\]\((?!http)([^)#]+)\)", text):
            assert (REPOSITORY / link).exists(), f"{name} links to {link}"


def test_the_examples_of_contributing_are_in_the_files_that_it_names() -> None:
    text = (REPOSITORY / "CONTRIBUTING.md").read_text(encoding="utf-8")
    for heading, example in [("## Add a KPI", "call_connect_rate"), ("## Add a raw column", "severity")]:
        files = re.findall(r"^\| `([^`]+)` \|", text.split(heading, 1)[1].split("\n## ", 1)[0], re.MULTILINE)
        assert len(files) > 5
        for name in files:
            found = example in (REPOSITORY / name).read_text(encoding="utf-8")
            assert found or name == "CHANGELOG.md", f"{name} has no {example}"
