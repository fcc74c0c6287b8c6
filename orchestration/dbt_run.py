"""Runs dbt in this process and turns what it reports into a small typed outcome."""

import contextlib
import gc
import os
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from orchestration import spark
from orchestration.commands import build_arguments, build_environment, compile_arguments
from orchestration.errors import BoussoleError
from orchestration.messages import clean
from orchestration.settings import SPARK, Settings

TEST_KINDS = ("test", "unit_test")
_FAILED = ("error", "fail", "runtime error", "partial success")


@dataclass(frozen=True)
class Node:
    """One node of the build and how it ended.

    Attributes:
        unique_id: dbt's id of the node.
        name: Its name.
        kind: model, test, unit_test, seed, snapshot or operation.
        layer: staging, intermediate, core, kpis, … for what has a place in models/; else its kind.
        status: success, pass, warn, fail, error or skipped.
        message: dbt's message, cleaned.
        failing_rows: Rows that a test returned; 0 for everything else.
        path: Source file, relative to the project.
        relation: (schema, identifier) of what it built or of its stored failures, if any.
        compiled_path: The SQL that was run, relative to the project, if any.
        seconds: Duration.
    """

    unique_id: str
    name: str
    kind: str
    layer: str
    status: str
    message: str = ""
    failing_rows: int = 0
    path: str = ""
    relation: tuple[str, str] | None = None
    compiled_path: str | None = None
    seconds: float = 0.0

    @property
    def failed(self) -> bool:
        """Whether it ran and did not pass."""
        return self.status in _FAILED


@dataclass(frozen=True)
class BuildOutcome:
    """How a build ended.

    Attributes:
        nodes: Every node, in the order in which they ended.
        error: Why the build could not run at all; None if it ran.
        notes: What dbt and the project's macros warned about.
        engine: The kind of database that was built, as dbt names its adapter.
    """

    nodes: tuple[Node, ...] = ()
    error: str | None = None
    notes: tuple[str, ...] = ()
    engine: str = ""

    @property
    def failures(self) -> list[Node]:
        """The nodes that failed."""
        return [node for node in self.nodes if node.failed]

    @property
    def is_green(self) -> bool:
        """Whether everything ran and passed; warnings allowed."""
        return self.error is None and bool(self.nodes) and not self.failures

    def count(self, *kinds: str) -> Counter[str]:
        """Returns the number of nodes of these kinds by status."""
        return Counter(node.status for node in self.nodes if node.kind in kinds)

    def tests(self) -> dict[str, int]:
        """Returns the number of data and unit tests by how they ended."""
        ended = self.count(*TEST_KINDS)
        failed = sum(1 for node in self.failures if node.kind in TEST_KINDS)
        return {"passed": ended["pass"], "warned": ended["warn"], "failed": failed}

    def relations(self, *layers: str) -> list[tuple[str, str]]:
        """Returns (schema, identifier) of every relation that was built in these layers."""
        return sorted(
            node.relation
            for node in self.nodes
            if node.relation and node.layer in layers and node.kind not in TEST_KINDS and node.status == "success"
        )


class Listener(Protocol):
    """What wants to follow a build while it runs."""

    def node_started(self, layer: str, name: str) -> None:
        """Is told that a node begins."""

    def node_finished(self, done: int, total: int) -> None:
        """Is told how many of how many nodes have ended."""


def run_build(settings: Settings, listener: Listener, write_log: Callable[[str], None]) -> BuildOutcome:
    """Runs `dbt build` and returns how it ended; a failed build is an outcome, not an exception.

    Args:
        settings: What to build.
        listener: Is told about the progress, from dbt's threads, one call at a time.
        write_log: Receives each line of the run's log.

    Raises:
        KeyboardInterrupt: The user interrupted the build.
        BoussoleError: dbt cannot be imported.
    """
    runner = _runner()
    settings.database.parent.mkdir(parents=True, exist_ok=True)
    if settings.variables.get("keep_history"):
        settings.history.parent.mkdir(exist_ok=True)
    variables = build_environment(settings, os.environ)
    if settings.target == SPARK:
        variables |= spark.environment(settings)
    arguments = build_arguments(settings)
    write_log("dbt " + " ".join(arguments))
    follower = _EventFollower(listener, write_log)
    with environment(variables), contextlib.chdir(settings.project_dir):
        try:
            invocation = runner(callbacks=[follower]).invoke(arguments)
            exception, result = invocation.exception, invocation.result
        finally:
            close_database()
    if isinstance(exception, (KeyboardInterrupt, SystemExit)):
        raise KeyboardInterrupt
    nodes = tuple(_node(item) for item in getattr(result, "results", None) or ())
    if exception is not None:
        problem = clean(str(getattr(exception, "msg", None) or exception) or repr(exception))
        exception.__traceback__ = None  # its frames keep the database open
        gc.collect()
        return BuildOutcome(nodes, problem, follower.notes, follower.engine)
    failed_hooks = [node for node in nodes if node.kind == "operation" and node.failed]
    if failed_hooks:
        return BuildOutcome(nodes, failed_hooks[0].message, follower.notes, follower.engine)
    if not nodes:
        return BuildOutcome(error="dbt found nothing to build. Check the selection.", notes=follower.notes)
    return BuildOutcome(nodes, None, follower.notes, follower.engine)


def compile_text(settings: Settings, text: str) -> str:
    """Returns the SQL that dbt makes of a text of SQL and Jinja.

    Raises:
        BoussoleError: dbt cannot be imported, or makes nothing of it.
    """
    runner = _runner()
    with environment(build_environment(settings, os.environ)), contextlib.chdir(settings.project_dir):
        try:
            invocation = runner().invoke(compile_arguments(settings, text))
        finally:
            close_database()
    results = getattr(invocation.result, "results", None) or ()
    if not results or not results[0].node.compiled_code:
        problem = invocation.exception or (results[0].message if results else "nothing was compiled")
        raise BoussoleError(f"dbt could not write the query: {clean(str(problem))}")
    return str(results[0].node.compiled_code)


def _runner() -> Any:
    try:
        from dbt.cli.main import dbtRunner
    except ImportError as error:
        raise BoussoleError(f"dbt cannot be started ({error}). Run `make setup`, then use .venv/bin/python.") from error
    return dbtRunner


class _EventFollower:
    """Receives dbt's events, from several threads."""

    def __init__(self, listener: Listener, write_log: Callable[[str], None]) -> None:
        self._listener = listener
        self._write_log = write_log
        self._guard = threading.Lock()
        self._done = 0
        self._total = 0
        self._notes: dict[str, None] = {}
        self.engine = ""

    @property
    def notes(self) -> tuple[str, ...]:
        return tuple(self._notes)

    def __call__(self, event: Any) -> None:
        info = event.info
        with self._guard:
            self._write_log(f"{info.level:<5} {info.name}: {info.msg}")
            if info.name == "LogStartLine":
                self._total = event.data.total
                node = event.data.node_info
                self._listener.node_started(layer_of(node.node_path, node.resource_type), node.node_name)
            elif info.name in ("NodeFinished", "SkippingDetails"):
                self._done += 1
                self._listener.node_finished(self._done, max(self._total, self._done))
            elif info.name == "AdapterRegistered":
                self.engine = event.data.adapter_name
            elif _is_note(info):
                self._notes[clean(info.msg)] = None


# Warnings of tests stand in the results; the others say again what the outcome says.
_REPORTED_ELSEWHERE = ("LogTestResult", "RunResultWarning", "RunResultWarningMessage", "NothingToDo")


def _is_note(info: Any) -> bool:
    if info.level == "warn":
        return info.name not in _REPORTED_ELSEWHERE
    return bool(info.name == "JinjaLogInfo" and "Boussole:" in info.msg)


def layer_of(path: str, kind: str) -> str:
    """Returns the layer of a node: its first folder below models/, or the one below marts/.

    Args:
        path: Path below models/, such as `marts/core/dim_reps.sql`.
        kind: dbt's resource type, which is the answer for what is not a model.
    """
    parts = Path(path).parts[:-1]
    if kind != "model" or not parts:
        return str(kind)
    return parts[1] if parts[0] == "marts" and len(parts) > 1 else parts[0]


def _node(item: Any) -> Node:
    node = item.node
    kind = str(node.resource_type)
    stores = kind == "test" and bool(getattr(node.config, "store_failures", False)) and bool(item.failures)
    relation = None
    if stores or (kind in ("model", "seed", "snapshot") and getattr(node.config, "materialized", "") != "ephemeral"):
        relation = (str(node.schema), str(node.alias))
    return Node(
        unique_id=node.unique_id,
        name=node.name,
        kind=kind,
        layer=layer_of(node.path, kind),
        status=str(item.status),
        message=clean(item.message or ""),
        failing_rows=item.failures or 0,
        path=node.original_file_path,
        relation=relation,
        compiled_path=getattr(node, "compiled_path", None),
        seconds=item.execution_time,
    )


@contextlib.contextmanager
def environment(wanted: Mapping[str, str]) -> Iterator[None]:
    """These variables and no others, until the block ends."""
    before = dict(os.environ)
    os.environ.clear()
    os.environ.update(wanted)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def close_database() -> None:
    """Closes the database, which dbt-duckdb keeps open in this process after a build."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager

    with contextlib.suppress(Exception):  # nothing was opened, or it is closed already
        DuckDBConnectionManager.env().close()
    DuckDBConnectionManager.close_all_connections()
