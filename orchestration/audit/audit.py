"""Runs the checks of both borders with Great Expectations and writes their Data Docs."""

import contextlib
import json
import logging
import os
import shutil
import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import duckdb

from orchestration import manifest as manifests
from orchestration import versions
from orchestration.audit.check import WARN, Check, Finding
from orchestration.audit.mart_checks import mart_checks
from orchestration.audit.page import HELD, STOPS, WARNS, Result, render
from orchestration.audit.raw_checks import raw_checks, raw_rows
from orchestration.errors import CheckFailedError
from orchestration.sql_text import literal

# Beside the published file: what the next build is compared with.
RECORD = "audit.json"
# Of Great Expectations' own pages, below the first page.
SITE = "great_expectations"
SHOWN_ROWS = 3
_ACCEPT = "\nIf the change is right, say so: `run --accept-changes`, or `publish --accept-changes` after this run."


@dataclass
class Audit:
    """The audit of one build: what is checked before it is published, and what was found.

    Attributes:
        project_dir: Project with the raw contract.
        publish_dir: Where the build before this one is published.
        docs_dir: Where the Data Docs are written.
        as_of_date: The day that the build is as of, ISO 8601, if known.
        accepts_changes: Whether much that differs from the published build is a warning only.
        results: What came out of each check so far.
        findings: Those that did not hold.
        raw_rows: Rows of each raw table.
    """

    project_dir: Path
    publish_dir: Path
    docs_dir: Path
    as_of_date: str | None = None
    accepts_changes: bool = False
    results: list[Result] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    raw_rows: dict[str, int] = field(default_factory=dict)
    _context: Any = None

    @property
    def docs(self) -> Path:
        """First page of the Data Docs."""
        return self.docs_dir / "index.html"

    def check_raw(self, database: Path) -> None:
        """Checks the raw tables that a build was made of.

        Raises:
            CheckFailedError: A check that stops did not hold.
        """
        with contextlib.closing(duckdb.connect(str(database), read_only=True)) as connection:
            self.raw_rows = raw_rows(connection)
            checks = raw_checks(self.project_dir, connection, self._previous_raw_rows())
        self._run("raw tables", database, checks)

    def check_marts(self, draft: Path) -> None:
        """Checks a version that is about to be published, and leaves in its folder what the next one needs.

        Raises:
            CheckFailedError: A check that stops did not hold.
        """
        file, previous = versions.database_of(draft), self._comparable()
        with contextlib.closing(duckdb.connect(str(file), read_only=True)) as connection:
            relations = set(connection.execute("select schema_name, table_name from duckdb_tables()").fetchall())
        if previous:
            with contextlib.closing(duckdb.connect(str(previous), read_only=True)) as connection:
                tables = set(connection.execute("select schema_name, table_name from duckdb_tables()").fetchall())
            previous = previous if ("kpis", "kpi_values") in tables else None
        self._run("published marts", file, mart_checks(relations, previous is not None), previous)
        record = {
            "raw_rows": self.raw_rows,
            "checks": len(self.results),
            "findings": [str(one) for one in self.findings],
        }
        (draft / RECORD).write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")

    def write_docs(self) -> None:
        """Writes the results of every check as HTML."""
        if self._context is not None:
            self._context.build_data_docs()
            self.docs.write_text(render(self.results, self.as_of_date, SITE), encoding="utf-8")

    def _previous_raw_rows(self) -> dict[str, int]:
        with contextlib.suppress(OSError, ValueError, KeyError):
            record = json.loads((self.publish_dir / versions.CURRENT / RECORD).read_text(encoding="utf-8"))
            return {str(name): int(rows) for name, rows in record["raw_rows"].items()}
        return {}

    def _comparable(self) -> Path | None:
        """The published file, unless it knows of later days: an earlier as-of date knows less, which is no drift."""
        current = self.publish_dir / versions.CURRENT
        before = manifests.read(current)
        if before is None or not self.as_of_date or (before.as_of_date or "") > self.as_of_date:
            return None
        return versions.database_of(current.resolve())

    def _run(self, border: str, file: Path, checks: Sequence[Check], previous: Path | None = None) -> None:
        if not checks:
            return
        if self.accepts_changes:
            checks = [replace(one, severity=WARN) if one.compares else one for one in checks]
        with _quiet():
            found = list(self._check(border, file, checks, previous))
        self.findings += found
        if stopping := [one for one in found if one.stops]:
            raise CheckFailedError(
                f"Nothing was published, because the audit of the {border} found:\n"
                + "\n".join(f"- {one}" for one in stopping)
                + f"\nSee all results in {self.docs}."
                + (_ACCEPT if any(one.compares for one in stopping) else "")
            )

    def _check(self, border: str, file: Path, checks: Iterable[Check], previous: Path | None) -> Iterator[Finding]:
        import great_expectations as gx
        from great_expectations import expectations

        if self._context is None:
            self._context = _new_context(self.docs_dir)
        source = self._context.data_sources.add_sql(
            border,
            connection_string=f"duckdb:///{file}",
            create_temp_table=False,
            kwargs={"connect_args": {"read_only": True}},
        )
        engines = (source.get_engine(), source.get_execution_engine().engine)
        for engine in engines:
            _prepare(engine, previous)
        by_relation: dict[tuple[str, str], list[Check]] = {}
        for check in checks:
            by_relation.setdefault(check.relation, []).append(check)
        validations = []
        for (schema, name), its in sorted(by_relation.items()):
            label = f"{schema}.{name}"
            suite = self._context.suites.add(gx.ExpectationSuite(name=label))
            for check in its:
                suite.expectations.append(_expectation(expectations, check))
            suite.save()
            asset = source.add_table_asset(name=label, table_name=name, schema_name=schema)
            batch = asset.add_batch_definition_whole_table("whole")
            validation = gx.ValidationDefinition(name=label, data=batch, suite=suite)
            validations.append(self._context.validation_definitions.add(validation))
        checkpoint = gx.Checkpoint(name=border, validation_definitions=validations, result_format="COMPLETE")
        ran = self._context.checkpoints.add(checkpoint).run()
        source.get_execution_engine().close()
        for engine in engines:
            engine.dispose()
        for result in ran.run_results.values():
            for one in result.results:
                meta = one.expectation_config.meta
                if one.success:
                    self.results.append(Result(border, meta["relation"], meta["title"], HELD))
                    continue
                found = Finding(meta["relation"], meta["title"], meta["severity"], _observed(one), meta["compares"])
                verdict = STOPS if found.stops else WARNS
                self.results.append(Result(border, found.relation, found.title, verdict, found.observed))
                yield found


def _expectation(expectations: Any, check: Check) -> Any:
    meta: dict[str, Any] = {"relation": ".".join(check.relation), "title": check.title, "severity": check.severity}
    meta["compares"] = check.compares
    return getattr(expectations, check.kind)(
        **check.arguments, description=check.title, severity=check.severity, meta=meta
    )


def _observed(result: Any) -> str:
    """What was seen instead, in a few words."""
    raised = result.exception_info or {}
    if raised.get("raised_exception"):
        return str(raised.get("exception_message"))
    details = (result.result.get("details") or {}).get("unexpected_rows")
    if details:
        rows = "; ".join(", ".join(f"{key} {value}" for key, value in row.items()) for row in details[:SHOWN_ROWS])
        return f"{len(details)} rows: {rows}" if len(details) > SHOWN_ROWS else rows
    observed = result.result.get("observed_value", result.result.get("unexpected_count"))
    return "" if observed is None else f"observed {observed}"


def _new_context(docs_dir: Path) -> Any:
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    shutil.rmtree(docs_dir, ignore_errors=True)
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    for name, site in list((context.variables.data_docs_sites or {}).items()):
        # It was made in the folder for temporary files.
        shutil.rmtree(site["store_backend"]["base_directory"], ignore_errors=True)
        context.delete_data_docs_site(name)
    ours: Any = {
        "class_name": "SiteBuilder",
        "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
        "store_backend": {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(docs_dir / SITE)},
    }
    context.add_data_docs_site("audit", ours)
    return context


def _prepare(engine: Any, previous: Path | None) -> None:
    """Makes an engine of duckdb-engine do what Great Expectations needs."""
    from sqlalchemy import event
    from sqlalchemy.engine.cursor import FullyBufferedCursorFetchStrategy

    @event.listens_for(engine, "after_cursor_execute")
    def keep_rows(_connection: Any, cursor: Any, _sql: Any, _parameters: Any, context: Any, _many: Any) -> None:
        # Great Expectations reads a result after it has closed the connection, which empties it.
        if cursor.description:
            context.cursor_fetch_strategy = FullyBufferedCursorFetchStrategy(cursor, initial_buffer=cursor.fetchall())

    if previous:

        @event.listens_for(engine, "connect")
        def attach(connection: Any, _record: Any) -> None:
            connection.execute(f"attach if not exists {literal(str(previous))} as previous (read_only)")


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Great Expectations sends nothing anywhere, and prints only what we print."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    logging.disable(logging.WARNING)  # its loggers have levels of their own
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(logging.NOTSET)
