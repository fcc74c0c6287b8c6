"""Which builds are kept, and which one readers see."""

import contextlib
import datetime as dt
import os
import shutil
import time
from pathlib import Path

import duckdb
import pytest

from orchestration import lock, versions
from orchestration.errors import BoussoleError, CheckFailedError, LockHeldError
from orchestration.rollback import roll_back
from orchestration.run_log import new_run_id
from tests.conftest import run_cli
from tests.python.tiny_builds import build_id, publish_build, read


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """A folder with three published builds, of 1, 2 and 3 teams."""
    for number in (1, 2, 3):
        publish_build(tmp_path, number, teams=number)
    return tmp_path / "published"


def teams(target: Path) -> object:
    return read(target, "select teams from kpis.totals")[0][0]


def test_back_to_the_previous_build_and_to_a_named_one(target: Path) -> None:
    began = time.monotonic()
    assert roll_back(target) == build_id(2)
    assert time.monotonic() - began < 1
    assert teams(target) == 2
    assert roll_back(target) == build_id(1)
    assert roll_back(target, build_id(3)) == build_id(3)
    assert teams(target) == 3


def test_a_later_build_is_published_as_usual(target: Path) -> None:
    roll_back(target, build_id(1))
    publish_build(target.parent, 4, teams=4)
    assert teams(target) == 4
    assert versions.kept(target) == [build_id(2), build_id(3), build_id(4)]


def test_a_reader_keeps_its_build_through_a_rollback(target: Path) -> None:
    with contextlib.closing(duckdb.connect(str(target / "current/boussole.duckdb"), read_only=True)) as reader:
        roll_back(target)
        assert reader.execute("select teams from kpis.totals").fetchall() == [(3,)]


def test_what_cannot_be_rolled_back_to_is_refused_and_nothing_changes(target: Path) -> None:
    with pytest.raises(BoussoleError, match=f"no nothing build .* kept: {build_id(1)}"):
        roll_back(target, "nothing")
    (target / "versions" / build_id(2) / "boussole.duckdb").unlink()
    with pytest.raises(CheckFailedError, match="cannot be opened"):
        roll_back(target)
    (target / "versions" / build_id(1) / "manifest.json").unlink()
    with pytest.raises(CheckFailedError, match="no manifest"):
        roll_back(target, build_id(1))
    assert teams(target) == 3
    roll_back(target, build_id(3))
    shutil.rmtree(target / "versions" / build_id(1))
    shutil.rmtree(target / "versions" / build_id(2))
    with pytest.raises(BoussoleError, match="no previous build"):
        roll_back(target)
    with pytest.raises(BoussoleError, match="Nothing is published"):
        roll_back(target.parent / "elsewhere")
    assert not (target.parent / "elsewhere").exists()


def test_a_rollback_waits_for_whoever_publishes(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(versions, "LOCK_WAIT_SECONDS", 0.1)
    with lock.hold(target / ".lock", "it"), pytest.raises(LockHeldError):
        roll_back(target)


def test_the_commands_say_what_readers_see(target: Path) -> None:
    folder = ("--publish-dir", str(target))
    ran = run_cli("rollback", *folder)
    assert (ran.returncode, teams(target)) == (0, 2)
    assert build_id(2) in ran.stdout
    assert run_cli("rollback", "nothing", *folder).returncode == 2
    shown = run_cli("status", "--database", str(target.parent / "none.duckdb"), *folder).stdout
    assert f"→ {build_id(2)} published at" in shown
    assert f"  {build_id(3)} published at" in shown
    assert "as of 2024-01-31" in shown


def test_more_builds_are_kept_on_demand_and_never_fewer_than_three(target: Path) -> None:
    for number in range(4, 8):
        publish_build(target.parent, number)
    versions.remove_old(target, keep=1)
    assert len(versions.kept(target)) == 3
    ran = run_cli("run", "--keep", "2")
    assert ran.returncode == 2
    assert "--keep" in ran.stderr


def test_who_dies_while_removing_leaves_no_half_of_a_version(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "rmtree", lambda *_, **__: None)
    publish_build(target.parent, 4)
    assert versions.kept(target) == [build_id(2), build_id(3), build_id(4)]
    assert f".tmp-{build_id(1)}" in os.listdir(target / "versions")
    monkeypatch.undo()
    publish_build(target.parent, 5)
    assert f".tmp-{build_id(1)}" not in os.listdir(target / "versions")


def test_ids_sort_even_if_the_clock_is_set_back() -> None:
    noon = dt.datetime(2024, 5, 1, 12, tzinfo=dt.UTC)
    first = new_run_id(noon)
    second = new_run_id(noon - dt.timedelta(days=400), after=[first])
    third = new_run_id(noon, after=[first, second, "no id"])
    assert first < second < third
    assert second.startswith("20240501T120001Z")
    assert new_run_id(noon + dt.timedelta(hours=1), after=[third]).startswith("20240501T130000Z")
