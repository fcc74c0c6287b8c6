"""How a mutant of the project ends: which mart, test or unit test tells it from the original."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from orchestration.contract import regenerate
from tests.conftest import REPOSITORY
from tests.harness.compiled import DATABASE, Compiled, DataTest, Model, compile_project, copy_project, read_manifest
from tests.harness.dbt_run import environment, run_dbt
from tests.harness.warehouse import Warehouse, csv_files, rows_of_one_only
from tests.oracle.diff import MARTS
from tests.oracle.runs import EVERYDAY

from .mutations import Mutation

# Verdicts. What does not run at all, or not within the limits, would be no proof of a test; the same SQL is no mutant.
MART, DATA_TEST, UNIT_TEST, PYTHON_TEST, SURVIVED = "mart", "data test", "unit test", "python test", "survived"
DOES_NOT_RUN, SAME_SQL = "does not run", "same SQL"
KILLED = (MART, DATA_TEST, UNIT_TEST, PYTHON_TEST)
# A join without its condition would take all memory and hours. The whole sample is built in 20 seconds.
MEMORY = "6GB"
SECONDS = 120
ALL_MODELS = "resource_type:model"
MACRO_TESTS = "path:tests/dbt/macros"


@dataclass(frozen=True)
class Verdict:
    """`by` names the mart or test that told; `changed` counts the relations that differ."""

    verdict: str
    by: str = ""
    changed: int = 0


class Original:
    """A warehouse of one raw folder beside a copy of itself, in which mutants are built and rolled back."""

    def __init__(self, name: str, compiled: Compiled, raw: Path) -> None:
        self._name = name
        self._warehouse = Warehouse(compiled)
        self._connection = self._warehouse.connection
        self._connection.execute(f"set memory_limit = '{MEMORY}'")
        self._connection.execute("set temp_directory = ''")
        self._warehouse.load(csv_files(raw))
        self._warehouse.build()
        self._connection.execute("attach ':memory:' as original")
        for model in compiled.models:
            self._connection.execute(f"create schema if not exists {_kept(model).rsplit('.', 1)[0]}")
            self._connection.execute(f"create table {_kept(model)} as from {model.relation}")

    def judge(self, mutant: Compiled, rewritten: set[str]) -> Verdict:
        """Builds what was rewritten, and what reads a relation that differs."""
        watch = threading.Timer(SECONDS, self._connection.interrupt)
        watch.start()
        self._connection.execute("begin")
        try:
            differing: set[str] = set()
            for model in mutant.models:
                if model.id not in rewritten and not model.reads & differing:
                    continue
                self._warehouse.build_model(model)
                if not rows_of_one_only(self._connection, model.relation, _kept(model)):
                    continue
                differing.add(model.id)
                if model.name in MARTS and self._differs(model):
                    return Verdict(MART, f"{model.name} of the {self._name}", len(differing))
            for test in mutant.tests:
                if test.is_error and test.reads & differing and self._warehouse.failures(test):
                    return Verdict(DATA_TEST, f"{test.name} on the {self._name}", len(differing))
            return Verdict(SURVIVED, changed=len(differing))
        except duckdb.Error as error:
            return Verdict(DOES_NOT_RUN, str(error).split("\n", 1)[0])
        finally:
            watch.cancel()
            self._connection.execute("rollback")

    def failing(self, macro_tests: Sequence[DataTest]) -> str:
        """The first of these that fails or cannot run, or nothing."""
        for test in macro_tests:
            try:
                if self._warehouse.failures(test):
                    return test.name
            except duckdb.Error:
                return test.name
        return ""

    def _differs(self, mart: Model) -> bool:
        """Beyond the last digits of doubles, which depend on the order of rows."""
        columns = ", ".join(f"cast({n} as float) as {n}" if kind == "double" else n for n, kind in mart.columns) or "*"
        one, other = (f"(select {columns} from {name})" for name in (mart.relation, _kept(mart)))
        return bool(rows_of_one_only(self._connection, one, other))


def _kept(model: Model) -> str:
    return model.relation.replace('"boussole"', "original", 1)


class Judge:
    """The original on the sample and on the random folder of every test of the suite, both equal to the oracle."""

    def __init__(self, folder: Path) -> None:
        self.project = copy_project(folder / "project")
        compiled = compile_project(self.project)
        # again, since SQL that asks for the columns of raw tables is another one once they are there
        self._original = self._compile(compiled, ALL_MODELS, MACRO_TESTS) or compiled
        self._models, self._tests = set(self._original.models), set(self._original.tests)
        self._folders = (
            Original("sample", self._original, REPOSITORY / "sample_data"),
            Original("random folder", self._original, EVERYDAY.write(folder / "raw")),
        )

    def judge(self, mutation: Mutation) -> Verdict:
        """Marts first, since they equal the oracle's; else the tests of the data; else those of units and of Python."""
        with applied(mutation, self.project):
            # a model alone is compiled alone; a macro may be in any of them
            is_model = mutation.file.startswith("models/")
            selected = [Path(mutation.file).stem] if is_model else [ALL_MODELS, MACRO_TESTS]
            mutant = self._compile(self._original, *selected)
            if mutant is None:
                return Verdict(DOES_NOT_RUN, "dbt")
            models = {model.id for model in mutant.models if model not in self._models}
            macro_tests = [test for test in mutant.tests if test not in self._tests]
            if not models and not macro_tests:
                return Verdict(SAME_SQL)
            verdict = self._judge_folders(mutant, models)
            if verdict.verdict == SURVIVED and (failed := self._folders[0].failing(macro_tests)):
                return Verdict(DATA_TEST, failed, verdict.changed)
            if verdict.verdict == SURVIVED:
                verdict = self._judge_units(models, verdict)
            if verdict.verdict == SURVIVED and Path(mutation.file) in regenerate(self.project, check=True):
                return Verdict(PYTHON_TEST, "tests/python/test_contract.py", verdict.changed)
            return verdict

    def _judge_folders(self, mutant: Compiled, rewritten: set[str]) -> Verdict:
        verdicts = []
        for folder in self._folders:
            verdicts.append(folder.judge(mutant, rewritten))
            if verdicts[-1].verdict in KILLED:
                return verdicts[-1]
        return max(verdicts, key=lambda one: one.verdict == DOES_NOT_RUN)

    def _compile(self, original: Compiled, *selected: str) -> Compiled | None:
        """With the SQL of these nodes as it is in the project now; None if dbt cannot compile it."""
        try:
            statuses = self._dbt("compile", *selected)
        except RuntimeError:
            return None
        if any(status != "success" for status in statuses.values()):
            return None
        manifest = read_manifest(self.project)
        models = {model.id: model for model in manifest.models if model.sql}
        # of tests only those of macros: data is judged by tests that have no mistake
        tests = {test.name: test for test in manifest.tests if not test.reads}
        return replace(
            original,
            models=tuple(models.get(model.id, model) for model in original.models),
            tests=tuple(tests.get(test.name, test) for test in original.tests),
        )

    def _dbt(self, command: str, *selected: str) -> dict[str, str]:
        with environment({"BOUSSOLE_DATABASE": str(self.project / DATABASE)}):
            return run_dbt(self.project, command, "--select", *selected)

    def _judge_units(self, rewritten: set[str], verdict: Verdict) -> Verdict:
        names = sorted(name for model in rewritten for name in self._original.unit_tests.get(model, ()))
        if not names:
            return verdict
        # a mutant that ran on both folders and not on the rows of a unit test is noticed too
        failed = [name for name, status in self._dbt("test", *names).items() if status in ("fail", "error")]
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
