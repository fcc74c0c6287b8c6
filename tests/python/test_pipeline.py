"""Whole runs on a tiny project: exit codes, what is published, what is said and what is remembered."""

import contextlib
import io
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest
from click.testing import CliRunner
from rich.console import Console

from orchestration import last_run, lock, pipeline
from orchestration.cli import cli
from orchestration.dbt_run import run_build
from orchestration.errors import BoussoleError, CheckFailedError, LockHeldError
from orchestration.pipeline import RunReport
from orchestration.progress import BuildProgress
from orchestration.republish import publish_again
from orchestration.settings import Settings, resolve
from orchestration.status import print_status
from orchestration.summary import print_summary
from orchestration.versions import current, kept

TINY_PROJECT = Path(__file__).parent / "tiny_project"
HEADER = "order_id,ordered_on,amount\n"


class Silent:
    def node_started(self, layer: str, name: str) -> None: ...

    def node_finished(self, done: int, total: int) -> None: ...


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return Path(shutil.copytree(TINY_PROJECT, tmp_path / "tiny"))


@pytest.fixture
def orders(tmp_path: Path) -> Callable[[str], Path]:
    """Writes a raw folder with these orders."""

    def write(content: str) -> Path:
        (tmp_path / "raw").mkdir(exist_ok=True)
        (tmp_path / "raw/orders.csv").write_text(content, encoding="utf-8")
        return tmp_path / "raw"

    return write


def run(project: Path, **choices: Any) -> RunReport:
    return pipeline.run(resolve(project_dir=project, **choices), Silent(), ["the", "command"])


def said(report: RunReport, width: int = 80) -> str:
    out = io.StringIO()
    print_summary(Console(file=out, width=width, highlight=False), report)
    return out.getvalue()


def status_of(settings: Settings) -> str:
    out = io.StringIO()
    print_status(Console(file=out, width=80), settings.database, settings.publish_dir)
    return out.getvalue()


def published_orders(settings: Settings) -> int:
    file = settings.publish_dir / "current/boussole.duckdb"
    with contextlib.closing(duckdb.connect(str(file), read_only=True)) as connection:
        row = connection.execute("select count(*) from core.fct_sales").fetchone()
    assert row is not None
    return int(row[0])


def test_a_green_run_publishes_and_says_so(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project)
    report = run(project)
    assert report.exit_code == 0
    assert published_orders(report.settings) == 3
    published = current(report.settings.publish_dir)
    assert published is not None
    assert published.build_id == report.run_id
    assert published.rows == {"core.fct_sales": 3, "kpis.team_monthly_kpis": 2}
    assert published.provenance.tests == {"passed": 3, "warned": 0, "failed": 0}

    text = said(report)
    assert re.search(r"^orders +3 +3 +0", text, re.MULTILINE)
    assert "Not supplied, so their KPIs are not available: leads" in text
    assert "3 passed, 0 warned, 0 failed (1 of them unit tests)" in text
    assert "KPIs of 2024-02" in text
    assert re.search(r"net revenue +250.00", text)
    assert re.search(r"win rate +100.0 %", text)
    assert re.search(r"leads created +not available", text)
    assert "- one note for the user." in text
    assert "Published   published/current/boussole.duckdb (2 tables)" in text
    assert "Log         logs/" in text

    log = report.log_path.read_text(encoding="utf-8")
    assert "create  table" in log or "create table" in log
    assert list((project / "logs").iterdir()) == [report.log_path]


def test_the_query_command_works_as_it_is_printed(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project)
    command = said(run(project), width=40).split("Query it    ")[1].splitlines()[0]
    environment = {"PATH": str(Path(sys.executable).parent)}
    shown = subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, check=True, env=environment)
    assert "net_revenue" in shown.stdout


def test_a_failed_test_is_1_and_publishes_nothing(project: Path, orders: Callable[[str], Path]) -> None:
    good = run(project)
    report = run(project, raw_dir=orders(HEADER + "O1,2024-01-01,1\nO1,2024-01-02,2\n"))
    assert report.exit_code == 1
    assert report.published is None
    assert published_orders(report.settings) == 3
    text = said(report)
    assert "test unique_fct_sales_order_id" in text
    assert "Got 1 result" in text
    assert "See the rows: python -c" in text
    assert "nothing was published" in text
    remembered = last_run.read(report.settings.database)
    assert remembered is not None
    assert (remembered.ended_as, remembered.exit_code, remembered.published) == ("failed", 1, None)
    assert "published nothing: failed: unique_fct_sales_order_id" in status_of(report.settings)
    assert good.published is not None


def test_the_command_that_shows_failing_rows_works(
    project: Path, orders: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project)
    text = said(run(project, raw_dir=orders(HEADER + "O1,2024-01-01,1\nO1,2024-01-02,2\n")))
    command = text.split("See the rows: ")[1].splitlines()[0]
    environment = {"PATH": str(Path(sys.executable).parent)}
    shown = subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, check=True, env=environment)
    assert "O1" in shown.stdout


def test_a_warning_does_not_hold_back_the_build(project: Path, orders: Callable[[str], Path]) -> None:
    report = run(project, raw_dir=orders(HEADER + ",2024-01-01,1\n"))
    assert report.exit_code == 0
    assert "1 passed, 1 warned, 0 failed" in said(report)


def test_a_broken_model_is_1_with_its_file_and_message(project: Path) -> None:
    report = run(project, variables={"break_a_model": True})
    assert report.exit_code == 1
    text = said(report)
    assert "model fct_sales" in text
    assert "models/marts/core/fct_sales.sql" in text
    assert "no_such_column" in text


def test_bad_input_is_2_with_our_own_words(project: Path, orders: Callable[[str], Path]) -> None:
    report = run(project, raw_dir=orders(HEADER))
    assert report.exit_code == 2
    assert report.problem == "orders.csv holds no order. Export it again."
    text = said(report)
    assert "orders.csv holds no order. Export it again." in text
    assert "Traceback" not in text
    assert "macro" not in text


def test_an_unreadable_file_is_2_and_named(project: Path, orders: Callable[[str], Path]) -> None:
    report = run(project, raw_dir=orders(HEADER + "O1,2024-01-01,1\nO2,2024-01-01,1,2\n"))
    assert report.exit_code == 2
    assert report.problem is not None
    assert report.problem.startswith("The raw file orders.csv cannot be read: line 3 is not valid CSV")


def test_a_project_that_cannot_be_parsed_is_2(project: Path) -> None:
    (project / "models/broken.sql").write_text("select {{ ref('nothing') }}")
    report = run(project)
    assert report.exit_code == 2
    assert "nothing" in str(report.problem)


def test_a_selection_builds_without_publishing(project: Path) -> None:
    report = run(project, select=("fct_sales",))
    assert report.exit_code == 0
    assert current(report.settings.publish_dir) is None
    assert "only a part was built" in said(report)
    assert run(project, select=("nothing_of_that_name",)).exit_code == 2


def test_what_may_not_be_published_is_1(project: Path) -> None:
    (project / "models/marts/kpis/bad.sql").write_text("select sum(range) as total from range(3)")
    report = run(project)
    assert report.exit_code == 1
    assert "kpis.bad.total" in str(report.problem)
    assert "HUGEINT" in said(report)


def test_unit_tests_run_on_the_sample_only(project: Path, orders: Callable[[str], Path]) -> None:
    report = run(project, raw_dir=orders(HEADER + "O1,2024-01-01,1\n"))
    assert report.outcome.count("unit_test").total() == 0


def test_the_database_is_closed_after_every_run(project: Path, orders: Callable[[str], Path]) -> None:
    for raw_dir in (project / "sample_data", orders(HEADER + "O1,2024-01-01,1\nO1,2024-01-01,1\n"), orders(HEADER)):
        settings = run(project, raw_dir=raw_dir).settings
        code = "import duckdb, sys; duckdb.connect(sys.argv[1]).close()"
        subprocess.run([sys.executable, "-c", code, str(settings.database)], check=True)


def test_one_run_at_a_time(project: Path) -> None:
    path = lock.lock_path(resolve(project_dir=project).database)
    with lock.hold(path, "it"), pytest.raises(LockHeldError, match="in use by process"):
        run(project)


def test_an_interrupted_run_publishes_nothing_and_is_remembered(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(pipeline, "publish_audited", interrupt)
    with pytest.raises(KeyboardInterrupt):
        run(project)
    settings = resolve(project_dir=project)
    assert current(settings.publish_dir) is None
    remembered = last_run.read(settings.database)
    assert remembered is not None
    assert remembered.ended_as == "cut short"
    assert "passed: python -m orchestration publish" in status_of(settings)
    monkeypatch.undo()
    assert publish_again(settings) == remembered.run_id
    assert "passed: python" not in status_of(settings)
    assert published_orders(settings) == 3


def test_the_summary_fits_any_width_and_any_terminal(project: Path) -> None:
    report = run(project)
    for width in (40, 80, 200):
        assert "net revenue" in said(report, width)
    out = io.TextIOWrapper(io.BytesIO(), encoding="ascii", errors="replace")
    print_summary(Console(file=out, width=80), report)


def test_progress_without_a_terminal_is_a_few_lines(project: Path) -> None:
    out = io.StringIO()
    with BuildProgress(Console(file=out, width=80)) as progress:
        pipeline.run(resolve(project_dir=project), progress)
    lines = out.getvalue().splitlines()
    assert 2 <= len(lines) <= 11
    assert lines[-1].split()[0] == "6/6"


def test_status_says_what_is_there(project: Path) -> None:
    settings = resolve(project_dir=project)
    assert "not built yet" in status_of(settings)
    assert re.search(r"Last run +none", status_of(settings))
    report = run(project)
    text = status_of(settings)
    assert f"{report.run_id} succeeded" in text
    assert f"→ {report.run_id} published at" in text
    assert "tests: 3 passed, 0 warned, 0 failed" in text
    assert re.search(r"core\.fct_sales +3 rows", text)
    assert re.search("At work +nobody", text)
    with lock.hold(lock.lock_path(settings.database), "it"):
        assert re.search("At work +process", status_of(settings))
    run(project, select=("fct_sales",))
    assert "published nothing: only a part was built" in status_of(settings)


def test_a_folder_that_cannot_be_written_is_2(project: Path) -> None:
    (project / "file").write_text("")
    with pytest.raises(BoussoleError, match="Cannot write"):
        run(project, database=project / "file/boussole.duckdb")


def test_status_of_a_killed_run(project: Path) -> None:
    settings = run(project).settings
    remembered = last_run.read(settings.database)
    assert remembered is not None
    last_run.write(settings.database, replace(remembered, ended_at=None, ended_as=last_run.RUNNING))
    assert "and was killed" in status_of(settings)


OPEN = """
import duckdb, sys
connection = duckdb.connect(sys.argv[1], read_only=True)
print("open", flush=True)
sys.stdin.read()
"""


def test_a_database_that_is_open_elsewhere_is_2_and_soon(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "OPEN_WAIT_SECONDS", 0.5)
    database = run(project).settings.database
    with subprocess.Popen(
        [sys.executable, "-c", OPEN, str(database)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as reader:
        assert reader.stdout is not None
        assert reader.stdout.readline() == "open\n"
        with pytest.raises(BoussoleError, match=f"open in another program.*PID {reader.pid}.*published file"):
            run(project)
        reader.kill()
    assert run(project).exit_code == 0


def test_a_file_that_is_no_database_is_2(project: Path) -> None:
    database = resolve(project_dir=project).database
    database.parent.mkdir()
    database.write_bytes(b"not a database" * 1000)
    with pytest.raises(BoussoleError, match=r"cannot be opened.*move the file away"):
        run(project)


def test_another_engine_publishes_nothing_of_ours(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = run(project)
    monkeypatch.setattr(pipeline, "run_build", lambda *given: replace(run_build(*given), engine="postgres"))
    report = run(project)
    assert report.exit_code == 0
    assert report.published is None
    assert current(report.settings.publish_dir) == first.published
    assert "not a DuckDB file" in said(report)


def test_what_was_not_a_whole_green_build_is_not_published_again(project: Path, orders: Callable[[str], Path]) -> None:
    settings = resolve(project_dir=project)
    with pytest.raises(BoussoleError, match="Nothing was built"):
        publish_again(settings)
    first = run(project)
    refused: list[tuple[dict[str, Any], str]] = [
        ({"raw_dir": orders(HEADER + "O1,2024-01-01,1\nO1,2024-01-02,2\n")}, "failed: unique_fct_sales_order_id"),
        ({"select": ("fct_sales",)}, "only a part"),
        ({"tests": False}, "nothing was tested"),
    ]
    for choices, told in refused:
        run(project, **choices)
        with pytest.raises(CheckFailedError, match=told):
            publish_again(settings)
    assert current(settings.publish_dir) == first.published


def test_a_green_build_is_published_again_while_its_database_is_untouched(project: Path) -> None:
    report = run(project)
    settings = report.settings
    shutil.rmtree(settings.publish_dir)
    assert publish_again(settings) == report.run_id
    published = current(settings.publish_dir)
    assert published is not None
    assert report.published is not None
    assert published.relations == report.published.relations
    # a second time it is there already
    version = settings.publish_dir / "versions" / report.run_id
    inode = version.stat().st_ino
    assert publish_again(settings) == report.run_id
    assert version.stat().st_ino == inode
    # damaged, it is not written over: readers may have it open
    (version / "boussole.duckdb").unlink()
    again = publish_again(settings)
    assert again > report.run_id
    assert published_orders(settings) == 3
    with contextlib.closing(duckdb.connect(str(settings.database))) as connection:
        connection.execute("delete from core.fct_sales")
    with pytest.raises(CheckFailedError, match="was changed after the run"):
        publish_again(settings)
    assert published_orders(settings) == 3


def test_a_run_is_later_than_what_is_kept_even_if_the_clock_was_set_back(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = run(project)
    future = "20990101T000000Z-abcdef"
    (first.settings.publish_dir / "versions" / first.run_id).rename(first.settings.publish_dir / "versions" / future)
    report = run(project)
    assert report.run_id > future
    assert published_orders(report.settings) == 3
    assert report.log_path.exists()


def test_a_full_disk_is_2_in_words(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = run(project)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(last_run, "write", full)
    with pytest.raises(BoussoleError, match=r"No space left on device.*Check the disk"):
        run(project)
    assert current(first.settings.publish_dir) == first.published


def test_as_many_builds_are_kept_as_asked_for(project: Path) -> None:
    settings = resolve(project_dir=project, keep_builds=4)
    for number in range(5):
        (settings.publish_dir / "versions" / f"2024010{number + 1}T000000Z-000000").mkdir(parents=True)
    report = run(project, keep_builds=4)
    assert kept(settings.publish_dir)[-1] == report.run_id
    assert len(kept(settings.publish_dir)) == 4


def test_the_number_of_kept_builds_from_the_environment(tmp_path: Path) -> None:
    options = ["publish", "--database", str(tmp_path / "none.duckdb")]
    refused = CliRunner().invoke(cli, options, env={"BOUSSOLE_KEEP_BUILDS": "2"})
    assert refused.exit_code == 2
    assert "--keep" in refused.output
    accepted = CliRunner().invoke(cli, options, env={"BOUSSOLE_KEEP_BUILDS": "5"})
    assert isinstance(accepted.exception, BoussoleError)
