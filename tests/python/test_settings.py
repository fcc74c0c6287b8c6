from pathlib import Path

import pytest

from orchestration.errors import BoussoleError
from orchestration.settings import check_raw_dir, resolve


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "sample_data").mkdir()
    return tmp_path


def test_defaults_lie_in_the_project(project: Path) -> None:
    settings = resolve(project_dir=project)
    assert settings.database == project / "warehouse/boussole.duckdb"
    assert settings.publish_dir == project / "published"
    assert settings.target_path == project / "target"
    assert settings.log_dir == project / "logs"
    assert settings.is_sample


def test_another_database_keeps_its_artifacts_beside_it(project: Path) -> None:
    settings = resolve(project_dir=project, database=project / "mine/sales.duckdb")
    assert settings.target_path == project / "mine/sales.duckdb.files/target"
    assert settings.log_dir == project / "mine/sales.duckdb.files/logs"


def test_given_paths_are_relative_to_here(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (project / "here/raw").mkdir(parents=True)
    monkeypatch.chdir(project / "here")
    settings = resolve(project_dir=project, raw_dir=Path("raw"), database=Path("db/x.duckdb"))
    assert settings.raw_dir == project / "here/raw"
    assert settings.database == project / "here/db/x.duckdb"
    assert not settings.is_sample


@pytest.mark.parametrize(
    "name", ["core.duckdb", "publication.duckdb", "my-db.duckdb", "2024.duckdb", "temp.db", "Kpis.duckdb"]
)
def test_names_that_duckdb_would_confuse(project: Path, name: str) -> None:
    with pytest.raises(BoussoleError, match=r"boussole\.duckdb"):
        resolve(project_dir=project, database=project / name)


def test_a_folder_is_not_a_database(project: Path) -> None:
    with pytest.raises(BoussoleError, match="is a folder"):
        resolve(project_dir=project, database=project)


def test_a_raw_folder_must_exist(project: Path) -> None:
    with pytest.raises(BoussoleError, match="--raw"):
        check_raw_dir(project / "nowhere")


def test_a_raw_folder_is_not_a_pattern(project: Path) -> None:
    (project / "raw[1]").mkdir()
    with pytest.raises(BoussoleError, match="Rename or move"):
        check_raw_dir(project / "raw[1]")
