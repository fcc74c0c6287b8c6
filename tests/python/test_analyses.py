"""Every question in analyses/ has an answer on the sample."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY, Warehouse

ANALYSES = sorted(path.stem for path in (REPOSITORY / "analyses").glob("*.sql"))


def compile_analyses(warehouse: Warehouse, folder: Path) -> Path:
    """Returns the folder of the compiled analyses."""
    dbt = [str(Path(sys.executable).with_name("dbt")), "compile", "--select", "path:analyses"]
    ran = subprocess.run(
        [*dbt, "--target-path", str(folder / "target"), "--log-path", str(folder)],
        cwd=REPOSITORY,
        env={**os.environ, "BOUSSOLE_DATABASE": str(warehouse.database)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout
    return folder / "target" / "compiled" / "boussole" / "analyses"


@pytest.fixture(scope="module")
def compiled(warehouse: Warehouse, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return compile_analyses(warehouse, tmp_path_factory.mktemp("analyses"))


@pytest.mark.parametrize("name", ANALYSES)
def test_answers_on_the_sample(warehouse: Warehouse, compiled: Path, name: str) -> None:
    with warehouse.connect() as connection:
        rows = connection.execute((compiled / f"{name}.sql").read_text(encoding="utf-8")).fetchall()
    assert rows, f"{name} finds nothing on the sample"
