"""The project as dbt compiles it: the SQL of every model and test, in the order in which they are built."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

from tests.conftest import REPOSITORY

from .dbt_run import environment, run_dbt
from .warehouse import Warehouse

COPIED = ("dbt_project.yml", "profiles.yml", "models", "macros", "seeds", "snapshots", "analyses", "tests/dbt")
DATABASE = "boussole.duckdb"  # its name is in the compiled SQL
SOME_DAY = "1987-06-05"  # stands for the as-of date while dbt compiles: any other day can take its place


@dataclass(frozen=True)
class Model:
    """A model or a seed; `columns` are name and type where a contract is enforced, `reads` are ids."""

    id: str
    name: str
    relation: str
    kind: str  # table, view or seed
    sql: str
    file: str = ""
    columns: tuple[tuple[str, str], ...] = ()
    reads: frozenset[str] = frozenset()


@dataclass(frozen=True)
class DataTest:
    """A singular or generic test; it fails where `fail_calc` of its rows is not 0."""

    name: str
    sql: str
    fail_calc: str
    is_error: bool
    is_singular: bool
    reads: frozenset[str] = frozenset()


@dataclass(frozen=True, repr=False)
class Compiled:
    """`models` are in the order of their references; `raw` are the columns of each raw table."""

    models: tuple[Model, ...]
    tests: tuple[DataTest, ...]
    raw: Mapping[str, tuple[str, ...]]
    seeds: Path
    unit_tests: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # id of a model -> names

    def _repr_pretty_(self, printer: Any, _cycle: bool) -> None:
        """For hypothesis, which would print all of its SQL where a property fails."""
        printer.text(f"<{len(self.models)} models>")

    def as_of(self, day: date) -> Compiled:
        """The same project as of a day, if it was compiled as of SOME_DAY."""
        return replace(
            self, models=tuple(replace(one, sql=one.sql.replace(SOME_DAY, day.isoformat())) for one in self.models)
        )


def copy_project(folder: Path) -> Path:
    """A copy of what dbt reads, to be compiled or mutated."""
    for name in COPIED:
        source = REPOSITORY / name
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(source, folder / name) if source.is_dir() else shutil.copy(source, folder / name)
    return folder


def compile_project(project: Path, variables: Mapping[str, Any] | None = None) -> Compiled:
    """Compiles a copy of the project. Some tests list the columns of marts: an empty warehouse is built between.

    Raises:
        RuntimeError: dbt could not compile it.
    """
    given = ["--vars", json.dumps(dict(variables or {}), default=str)]
    database = project / DATABASE
    with environment({"BOUSSOLE_DATABASE": str(database)}):
        _succeed(run_dbt(project, "seed", *given))
        _succeed(run_dbt(project, "compile", "--select", "resource_type:model", *given))
        models = read_manifest(project)
        with Warehouse(models, database) as empty:
            empty.load({})
            empty.build()
        _succeed(run_dbt(project, "compile", "--select", "resource_type:test", *given))
    return replace(models, tests=read_manifest(project).tests)


def _succeed(statuses: Mapping[str, str]) -> None:
    wrong = [name for name, status in statuses.items() if status != "success"]
    if wrong or not statuses:
        raise RuntimeError(f"dbt did not compile {', '.join(wrong) or 'anything'}")


def read_manifest(project: Path) -> Compiled:
    """What the last compilation of a project answered."""
    manifest = json.loads((project / "target" / "manifest.json").read_text("utf-8"))
    nodes = {key: node for key, node in manifest["nodes"].items() if node["resource_type"] in ("model", "seed")}
    reads = {key: frozenset(_reads(node)).intersection(nodes) for key, node in nodes.items()}
    units: dict[str, tuple[str, ...]] = {}
    for unit in manifest["unit_tests"].values():
        for key in unit["depends_on"]["nodes"][:1]:
            units[key] = (*units.get(key, ()), unit["name"])
    return Compiled(
        models=tuple(_model(key, nodes[key], reads[key]) for key in TopologicalSorter(reads).static_order()),
        tests=tuple(
            _test(node)
            for node in manifest["nodes"].values()
            if node["resource_type"] == "test" and node.get("compiled_code")
        ),
        raw={
            source["name"]: tuple(
                dict.fromkeys([*source["columns"], "updated_at", "is_deleted", "source_system"])  # as raw_contract()
            )
            for source in manifest["sources"].values()
            if source["source_name"] == "crm"
        },
        seeds=project / DATABASE,
        unit_tests=units,
    )


def _reads(node: Mapping[str, Any]) -> list[str]:
    return list(node.get("depends_on", {}).get("nodes", ()))


def _model(key: str, node: Mapping[str, Any], reads: frozenset[str]) -> Model:
    is_seed = node["resource_type"] == "seed"
    is_enforced = not is_seed and node["config"]["contract"]["enforced"]
    return Model(
        id=key,
        name=node["name"],
        relation=node["relation_name"],
        kind="seed" if is_seed else node["config"]["materialized"],
        sql=node.get("compiled_code") or "",
        file=node["original_file_path"],
        columns=tuple((c["name"], c["data_type"]) for c in node["columns"].values()) if is_enforced else (),
        reads=reads,
    )


def _test(node: Mapping[str, Any]) -> DataTest:
    config = node["config"]
    return DataTest(
        name=node["name"],
        sql=node["compiled_code"],
        fail_calc=config["fail_calc"],
        is_error=config["severity"].lower() == "error",
        is_singular="test_metadata" not in node or not node["test_metadata"],
        reads=frozenset(_reads(node)),
    )
