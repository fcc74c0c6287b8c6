"""How a mutant of the project ends: which mart, test or unit test tells it from the original on the sample."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from orchestration.contract import regenerate
from tests.conftest import REPOSITORY
from tests.harness.compiled import DATABASE, Compiled, Model, compile_project, copy_project, read_manifest
from tests.harness.dbt_run import environment, run_dbt
from tests.harness.warehouse import Warehouse, csv_files, rows_of_one_only
from tests.oracle.diff import MARTS

from .mutations import Mutation

# Verdicts. What does not run at all, or not within the limits, would be no proof of a test; the same SQL is no mutant.
MART, DATA_TEST, UNIT_TEST, PYTHON_TEST, SURVIVED = "mart", "data test", "unit test", "python test", "survived"
DOES_NOT_RUN, SAME_SQL = "does not run", "same SQL"
KILLED = (MART, DATA_TEST, UNIT_TEST, PYTHON_TEST)
# A join without its condition would take all memory and hours. The whole sample is built in 20 seconds.
MEMORY = "6GB"
SECONDS = 120


@dataclass(frozen=True)
class Verdict:
    """`by` names the mart or test that told; `changed` counts the relations of the sample that differ."""

    verdict: str
    by: str = ""
    changed: int = 0


class Judge:
    """The original, built on the sample beside a copy of itself in which mutants are built and rolled back."""

    def __init__(self, folder: Path) -> None:
        self.project = copy_project(folder / "project")
        self._original = compile_project(self.project)
        self._warehouse = Warehouse(self._original)
        self._warehouse.connection.execute(f"set memory_limit = '{MEMORY}'")
        self._warehouse.connection.execute("set temp_directory = ''")
        self._warehouse.load(csv_files(REPOSITORY / "sample_data"))
        self._warehouse.build()
        self._keep_original()

    def _keep_original(self) -> None:
        connection = self._warehouse.connection
        connection.execute("attach ':memory:' as original")
        for model in self._original.models:
            connection.execute(f"create schema if not exists {self._kept(model).rsplit('.', 1)[0]}")
            connection.execute(f"create table {self._kept(model)} as from {model.relation}")

    def _kept(self, model: Model) -> str:
        return model.relation.replace('"boussole"', "original", 1)

    def judge(self, mutation: Mutation) -> Verdict:
        """Marts first, since they equal the oracle's; else the tests of the data; else those of units and of Python."""
        with applied(mutation, self.project), environment({"BOUSSOLE_DATABASE": str(self.project / DATABASE)}):
            mutant = self._compile(mutation)
            if mutant is None:
                return Verdict(DOES_NOT_RUN, "dbt")
            sql = {model.id: model.sql for model in self._original.models}
            rewritten = {model.id for model in mutant.models if model.sql != sql[model.id]}
            if not rewritten:
                return Verdict(SAME_SQL)
            verdict = self._judge_data(mutant, rewritten)
            if verdict.verdict == SURVIVED:
                verdict = self._judge_units(rewritten, verdict)
            if verdict.verdict == SURVIVED and Path(mutation.file) in regenerate(self.project, check=True):
                return Verdict(PYTHON_TEST, "tests/python/test_contract.py", verdict.changed)
            return verdict

    def _compile(self, mutation: Mutation) -> Compiled | None:
        """A model alone is compiled alone; a macro may be in any of them."""
        name = Path(mutation.file).stem if mutation.file.startswith("models/") else "resource_type:model"
        try:
            statuses = run_dbt(self.project, "compile", "--select", name)
        except RuntimeError:
            return None
        if any(status != "success" for status in statuses.values()):
            return None
        compiled = {model.id: model for model in read_manifest(self.project).models if model.sql}
        return replace(self._original, models=tuple(compiled.get(m.id, m) for m in self._original.models))

    def _judge_data(self, mutant: Compiled, rewritten: set[str]) -> Verdict:
        """Builds what was rewritten, and what reads a relation that differs."""
        connection = self._warehouse.connection
        watch = threading.Timer(SECONDS, connection.interrupt)
        watch.start()
        connection.execute("begin")
        try:
            differing: set[str] = set()
            for model in mutant.models:
                if model.id not in rewritten and not model.reads & differing:
                    continue
                self._warehouse.build_model(model)
                if not rows_of_one_only(connection, model.relation, self._kept(model)):
                    continue
                differing.add(model.id)
                if model.name in MARTS:
                    return Verdict(MART, model.name, len(differing))
            for test in mutant.tests:
                if test.is_error and test.reads & differing and self._warehouse.failures(test):
                    return Verdict(DATA_TEST, test.name, len(differing))
            return Verdict(SURVIVED, changed=len(differing))
        except duckdb.Error as error:
            return Verdict(DOES_NOT_RUN, str(error).split("\n", 1)[0])
        finally:
            watch.cancel()
            connection.execute("rollback")

    def _judge_units(self, rewritten: set[str], verdict: Verdict) -> Verdict:
        names = sorted(name for model in rewritten for name in self._original.unit_tests.get(model, ()))
        if not names:
            return verdict
        failed = [
            name for name, status in run_dbt(self.project, "test", "--select", *names).items() if status == "fail"
        ]
        return Verdict(UNIT_TEST, failed[0], verdict.changed) if failed else verdict


@contextlib.contextmanager
def applied(mutation: Mutation, project: Path) -> Iterator[None]:
    """Makes the mistake in a copy of the project, and takes it back."""
    file = project / mutation.file
    text = file.read_text("utf-8")
    file.write_text(mutation.apply(text), "utf-8")
    try:
        yield
    finally:
        file.write_text(text, "utf-8")
