"""How Spark would compute the models of a warehouse that it has built: it is asked for plans and computes nothing."""

import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from jinja2 import Environment

from orchestration.settings import resolve
from orchestration.spark import environment
from tests.real.mapping import REPOSITORY

# Operators that leave rows in their partitions and stand between a window and the exchange that made these.
ON_THE_SPOT = ("Sort", "Window", "WindowGroupLimit", "Project", "Filter")


@dataclass(frozen=True)
class Operator:
    """One line of a plan.

    Attributes:
        depth: How far below the result it is.
        name: What it does.
        detail: Table, keys or partitioning.
    """

    depth: int
    name: str
    detail: str


@dataclass(frozen=True)
class Plan:
    """The plan of a model.

    Attributes:
        model: Its name.
        layer: Its folder below models/, such as `marts`.
        seconds: How long it took when it was built.
        operators: The result first.
    """

    model: str
    layer: str
    seconds: float
    operators: tuple[Operator, ...]

    def inputs_of(self, position: int) -> list[str]:
        """Returns the tables below an operator."""
        inputs = []
        for operator in self.operators[position + 1 :]:
            if operator.depth <= self.operators[position].depth:
                break
            if operator.name == "BatchScan" and operator.detail not in inputs:
                inputs.append(operator.detail)
        return inputs

    @property
    def broadcast(self) -> Iterator[list[str]]:
        """The tables of each side that is sent to every task."""
        for position, operator in enumerate(self.operators):
            if operator.name == "BroadcastExchange":
                yield self.inputs_of(position)

    @property
    def gathered(self) -> Iterator[list[str]]:
        """The tables of each window that has all rows in one partition."""
        for position, operator in enumerate(self.operators):
            if operator.name != "Window":
                continue
            below = next((one for one in self.operators[position + 1 :] if one.name not in ON_THE_SPOT), None)
            if below and below.name == "Exchange" and below.detail.startswith("SinglePartition"):
                yield self.inputs_of(position)


def read_plan(text: str) -> tuple[Operator, ...]:
    """Returns the operators of what `explain formatted` says."""
    tree, _, rest = text.partition("\n\n\n")
    details = {
        number: dict(re.findall(r"^(\w[\w ]*?)(?: \[\d+\])?: (.*)$", block, flags=re.MULTILINE))
        for number, block in re.findall(r"^\((\d+)\) (.*?)(?=\n\n|\Z)", rest, flags=re.MULTILINE | re.DOTALL)
    }
    operators = []
    for line in tree.splitlines():
        found = re.match(r"^([ :+-]*)(?:\* )?(\w.*) \((\d+)\)$", line)
        if found:
            operators.append(
                Operator(len(found[1]), found[2].split(" ")[0], _detail(found[2], details.get(found[3], {})))
            )
    return tuple(operators)


def _detail(name: str, facts: dict[str, str]) -> str:
    if scan := re.match(r"BatchScan (?:lake\.)?([\w.]+)", name):
        return scan[1]
    if "Join" in name:
        keys = ", ".join(facts.get(side, "").strip("[]") for side in ("Left keys", "Right keys"))
        return re.sub(r"#\d+L?", "", keys)
    return re.sub(r"#\d+L?|, \[plan_id=\d+\]|, ENSURE_REQUIREMENTS", "", facts.get("Arguments", ""))


def settings_of_spark(variables: dict[str, str]) -> dict[str, str]:
    """Returns what the target `spark` of profiles.yml tells Spark."""
    template = Environment(autoescape=False).from_string(  # noqa: S701  no HTML
        (REPOSITORY / "profiles.yml").read_text(encoding="utf-8")
    )
    rendered = template.render(env_var=lambda name, default="": variables.get(name, os.environ.get(name, default)))
    parameters: dict[str, Any] = yaml.safe_load(rendered)["boussole"]["outputs"]["spark"]["server_side_parameters"]
    return {name: str(value) for name, value in parameters.items()}


def plans(database: Path) -> Iterator[Plan]:
    """Yields the plan of every model of a warehouse on Spark."""
    from pyspark.sql import SparkSession

    settings = resolve(database=database, target="spark")
    results = json.loads((settings.target_path / "run_results.json").read_text(encoding="utf-8"))["results"]
    seconds = {one["unique_id"].split(".")[-1]: float(one["execution_time"]) for one in results}
    builder = SparkSession.builder.enableHiveSupport()
    for name, value in settings_of_spark(environment(settings)).items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    # As dbt sets it, so that the plans are those of the build.
    session.conf.set("spark.sql.ansi.enabled", "false")
    models = settings.target_path / "compiled" / "boussole" / "models"
    # Below folders named after the yml files lie the tests of the models.
    files = [file for file in models.rglob("*.sql") if not any(part.endswith(".yml") for part in file.parts)]
    for file in sorted(files, key=lambda one: one.stem):
        text = session.sql("explain formatted " + file.read_text(encoding="utf-8")).collect()[0][0]
        layer = file.relative_to(models).parts[0]
        yield Plan(file.stem, layer, seconds.get(file.stem, 0), read_plan(text))
    session.stop()
