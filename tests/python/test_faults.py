"""A full disk and a folder that cannot be written: a clear message, nothing lost, and no help needed afterwards."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from orchestration import versions
from tests.conftest import REPOSITORY
from tests.python.tiny_builds import build_id, make_database, publish_build, read
from tests.soak import checks

# Files may not grow beyond this: as on a full disk, a write fails in the midst of a file.
FULL = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({size}, {size}))"
# Root may write everywhere, so it becomes nobody, after everything is imported.
NOBODY = "import os; os.geteuid() == 0 and os.setuid(65534)"
PUBLISH = """
from pathlib import Path
from orchestration.errors import BoussoleError
from orchestration.publish import publish
{fault}
try:
    publish(Path({database!r}), Path({target!r}), {build_id!r}, [("core", "dim_teams"), ("kpis", "totals")])
except BoussoleError as error:
    print(error)
"""
RUN = """
import sys
from pathlib import Path
from orchestration import cli
from orchestration.settings import resolve
from orchestration.pipeline import run
from tests.python.test_pipeline import Silent
import dbt.cli.main, dbt.adapters.duckdb
{fault}
sys.argv = ["test"]
from orchestration.errors import BoussoleError
try:
    report = run(resolve(project_dir=Path({project!r})), Silent())
    print(report.exit_code, report.problem)
except BoussoleError as error:
    print(error.exit_code, error)
"""


def said(code: str) -> str:
    ran = subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that everybody may read, with one published build."""
    path = Path(tempfile.mkdtemp(prefix="boussole-"))
    path.chmod(0o755)
    publish_build(path, 1)
    yield path
    shutil.rmtree(path)


def publish_with(fault: str, folder: Path, number: int) -> str:
    database = make_database(folder / "private_db.duckdb", teams=100_000)
    target = folder / "published"
    return said(PUBLISH.format(fault=fault, database=str(database), target=str(target), build_id=build_id(number)))


def test_a_disk_that_is_full_while_publishing(folder: Path) -> None:
    told = publish_with(FULL.format(size=400_000), folder, 2)
    assert "Cannot publish into" in told
    assert "Check the folder and the disk." in told
    target = folder / "published"
    assert (versions.current_id(target), checks.damage(target), checks.orphans(target)) == (build_id(1), [], [])
    assert publish_with("", folder, 3) == ""
    assert read(target, "select teams from kpis.totals") == [(100_000,)]


def test_a_folder_that_cannot_be_written_while_publishing(folder: Path) -> None:
    target = folder / "published"
    for path in (target / "versions", target):
        path.chmod(0o555)
    told = publish_with(NOBODY, folder, 2)
    assert "Cannot write" in told
    assert "Check the folder" in told
    assert (versions.current_id(target), checks.damage(target), checks.orphans(target)) == (build_id(1), [], [])
    for path in (target / "versions", target):
        path.chmod(0o755)
    assert publish_with("", folder, 3) == ""


def test_a_disk_that_is_full_while_building(tmp_path: Path) -> None:
    project = shutil.copytree(REPOSITORY / "tests/python/tiny_project", tmp_path / "tiny")
    assert said(RUN.format(fault="", project=str(project))) == "0 None\n"
    target = project / "published"
    before = versions.current_id(target)
    orders = "".join(f"O{number:06},2024-01-15,1\n" for number in range(200_000))
    (project / "sample_data/orders.csv").write_text("order_id,ordered_on,amount\n" + orders)
    told = said(RUN.format(fault=FULL.format(size=1_500_000), project=str(project)))
    assert told.startswith("2 "), told
    assert "File too large" in told or "room left on the disk" in told
    assert (versions.current_id(target), checks.damage(target)) == (before, [])
    assert os.path.getsize(project / "sample_data/orders.csv") > 1_500_000
    assert said(RUN.format(fault="", project=str(project))) == "0 None\n"
    assert (checks.damage(target), checks.orphans(target)) == ([], [])
    assert read(target, "select count(*) from core.fct_sales") == [(200_000,)]
