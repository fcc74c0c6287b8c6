"""One run from beginning to end: lock, build, look, publish, remember."""

import datetime as dt
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from orchestration import last_run, lock, provenance, spark, versions
from orchestration.audit.audit import Audit
from orchestration.audit.gate import publish_audited
from orchestration.dbt_run import BuildOutcome, Listener, run_build
from orchestration.errors import BoussoleError
from orchestration.figures import Figures, collect
from orchestration.last_run import GreenBuild, LastRun
from orchestration.manifest import Manifest
from orchestration.messages import clean, full_disk, unreadable_file
from orchestration.run_log import RunLog, logged_runs, new_run_id, open_log
from orchestration.settings import PUBLISHED_SCHEMAS, SPARK, Settings, check_raw_dir
from orchestration.variables import AS_OF_DATE

DUCKDB = "duckdb"
# Engines whose results end in `settings.database`, from which everything is shown and published.
PUBLISHING_ENGINES = (DUCKDB, SPARK)
OPEN_WAIT_SECONDS = 5.0


@dataclass(frozen=True)
class RunReport:
    """What a run did.

    Attributes:
        run_id: Its id, which is also that of the version it published.
        settings: What it worked on.
        outcome: How the build ended.
        figures: What the warehouse holds now.
        published: The version it published, if it did.
        audit: What was found at the borders of what it published.
        unpublished: Why a run that succeeded published nothing; None if it published.
        problem: Why it did not succeed, in words; None if it did, or if `outcome.failures` says it.
        exit_code: 0, 1 (a check failed) or 2 (could not run).
        seconds: Duration.
        log_path: Its log.
    """

    run_id: str
    settings: Settings
    outcome: BuildOutcome
    figures: Figures
    published: Manifest | None
    audit: Audit | None
    unpublished: str | None
    problem: str | None
    exit_code: int
    seconds: float
    log_path: Path


def run(settings: Settings, listener: Listener, command: Sequence[str] = ()) -> RunReport:
    """Builds the warehouse and, if everything passed, publishes it.

    Args:
        settings: What to build and where.
        listener: Follows the build.
        command: The command line, to be remembered with the run.

    Raises:
        BoussoleError: The run could not begin, for example because another one holds the database.
        KeyboardInterrupt: The user interrupted it; nothing was published.
    """
    check_raw_dir(settings.raw_dir)
    try:
        with lock.hold(lock.lock_path(settings.database), f"The warehouse {settings.database}", wait_seconds=0.5):
            # Later than all that is kept, also where the clock was set back: the newest logs and versions are kept.
            run_id = new_run_id(after=[*logged_runs(settings.log_dir), *versions.kept(settings.publish_dir)])
            with open_log(settings.log_dir, run_id) as log:
                return _remembered(settings, listener, command, run_id, log)
    except OSError as error:
        raise BoussoleError(
            f"The run cannot go on: {error}. Check the disk and the permissions, and run again; nothing was published."
        ) from error


def _remembered(settings: Settings, listener: Listener, command: Sequence[str], run_id: str, log: RunLog) -> RunReport:
    """Runs, and remembers beside the database how far it came."""
    last = LastRun(
        run_id=run_id,
        started_at=_now(),
        command=" ".join(command),
        raw_dir=str(settings.raw_dir),
        variables=dict(settings.variables),
        log=str(log.path),
    )
    last_run.write(settings.database, last)

    def remember(green: GreenBuild) -> None:
        nonlocal last
        last = replace(last, green=green)
        last_run.write(settings.database, last)

    try:
        _check_opens(settings.database)
        report = _run(settings, listener, run_id, log, remember)
    except BaseException as error:
        log.write(f"The run ended by {error!r}")
        cut_short = replace(last, ended_as=last_run.CUT_SHORT, ended_at=_now(), exit_code=2)
        last_run.write(settings.database, cut_short)
        raise
    ended = replace(
        last,
        ended_as=last_run.SUCCEEDED if report.exit_code == 0 else last_run.FAILED,
        ended_at=_now(),
        exit_code=report.exit_code,
        problem=report.problem or report.unpublished or _failed(report.outcome),
        published=report.published.build_id if report.published else None,
    )
    last_run.write(settings.database, ended)
    return report


def _check_opens(database: Path) -> None:
    """Checks that dbt will be able to write an existing database, which would else wait long and say little.

    Raises:
        BoussoleError: Another program has it open, or it cannot be read.
    """
    deadline = time.monotonic() + OPEN_WAIT_SECONDS
    while database.exists():
        try:
            duckdb.connect(str(database)).close()
        except duckdb.Error as error:
            if "Could not set lock" not in str(error):
                raise BoussoleError(
                    f"The warehouse {database} cannot be opened: {clean(str(error))} "
                    "It can be rebuilt: move the file away and run again."
                ) from error
            if time.monotonic() >= deadline:
                raise BoussoleError(
                    f"The warehouse {database} is open in another program: {clean(str(error))} "
                    "Close it there and run again. To look at the KPIs, open the published file instead."
                ) from error
            time.sleep(0.2)
        else:
            return


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")


def _run(
    settings: Settings, listener: Listener, run_id: str, log: RunLog, remember: Callable[[GreenBuild], None]
) -> RunReport:
    began = time.monotonic()
    outcome = run_build(settings, listener, log.write)
    published: Manifest | None = None
    audit: Audit | None = None
    problem, exit_code = _judge(outcome, settings)
    if outcome.engine == SPARK and outcome.error is None:
        spark.copy_results(settings, _readable(outcome))
    figures = _look(settings, outcome, log)
    unpublished = _why_unpublished(settings, outcome)
    if exit_code == 0 and unpublished is None:
        green = _green(settings, outcome, figures)
        remember(green)
        try:
            published, audit = publish_audited(settings, run_id, green)
        except BoussoleError as error:
            problem, exit_code = str(error), error.exit_code
    if problem:
        log.write(problem)
    return RunReport(
        run_id=run_id,
        settings=settings,
        outcome=outcome,
        figures=figures,
        published=published,
        audit=audit,
        unpublished=unpublished,
        problem=problem,
        exit_code=exit_code,
        seconds=time.monotonic() - began,
        log_path=log.path,
    )


def _why_unpublished(settings: Settings, outcome: BuildOutcome) -> str | None:
    """Returns why a green build is not for readers; None if it is."""
    if outcome.engine not in PUBLISHING_ENGINES:
        return "the target is not a DuckDB file"
    if settings.select:
        return "only a part was built (--select)"
    return None if settings.tests else "nothing was tested (--no-tests)"


def _green(settings: Settings, outcome: BuildOutcome, figures: Figures) -> GreenBuild:
    return GreenBuild(
        relations=tuple(outcome.relations(*PUBLISHED_SCHEMAS)),
        as_of_date=figures.as_of_date.isoformat() if figures.as_of_date else None,
        provenance=provenance.collect(settings.project_dir, outcome.engine, outcome.tests()),
        database_state=last_run.state_of(settings.database),
    )


def _failed(outcome: BuildOutcome) -> str | None:
    """Returns the names of what failed."""
    names = ", ".join(node.name for node in outcome.failures)
    return f"failed: {names}" if names else None


def _readable(outcome: BuildOutcome) -> list[tuple[str, str]]:
    """Returns the relations of a build on Spark that its summary and its readers need."""
    shown = [one for one in outcome.relations("quality", "staging") if one in spark.SHOWN_RELATIONS]
    return outcome.relations(*PUBLISHED_SCHEMAS, "snapshot") + shown


def _judge(outcome: BuildOutcome, settings: Settings) -> tuple[str | None, int]:
    """Returns why the build did not succeed, if it is one reason, and the exit code."""
    if outcome.error is not None:
        return unreadable_file(outcome.error, settings.raw_dir) or full_disk(outcome.error) or outcome.error, 2
    for node in outcome.failures:
        problem = unreadable_file(node.message, settings.raw_dir) or full_disk(node.message)
        if problem:
            return problem, 2
    return None, 0 if outcome.is_green else 1


def _look(settings: Settings, outcome: BuildOutcome, log: RunLog) -> Figures:
    """Returns the figures of the warehouse; a summary that cannot be made must not fail a run."""
    if outcome.error is not None or outcome.engine not in PUBLISHING_ENGINES:
        return Figures()
    given = settings.variables.get(AS_OF_DATE)
    try:
        return collect(settings.database, {layer: outcome.relations(layer) for layer in PUBLISHED_SCHEMAS}, given)
    except duckdb.Error as error:
        log.write(f"The figures of the summary cannot be read: {error}")
        return Figures()
