"""Where Spark keeps its tables: what may be deleted, and the history that nothing of ours deletes."""

from pathlib import Path

import pytest

from orchestration.settings import resolve
from orchestration.spark import spark_dir


@pytest.fixture(autouse=True)
def no_folder_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BOUSSOLE_SPARK_DIR", raising=False)


def test_tables_that_can_be_built_again_lie_in_the_warehouse(tmp_path: Path) -> None:
    settings = resolve(project_dir=tmp_path, target="spark")
    assert spark_dir(settings) == tmp_path / "warehouse/spark/boussole.duckdb.lake"


def test_a_history_lies_where_make_clean_removes_nothing(tmp_path: Path) -> None:
    settings = resolve(project_dir=tmp_path, target="spark", variables={"keep_history": True})
    assert spark_dir(settings) == tmp_path / "history/boussole.duckdb.lake"


def test_a_database_of_ones_own_keeps_both_beside_it(tmp_path: Path) -> None:
    for variables in ({}, {"keep_history": True}):
        settings = resolve(
            project_dir=tmp_path, target="spark", database=tmp_path / "mine/sales.duckdb", variables=variables
        )
        assert spark_dir(settings) == tmp_path / "mine/sales.duckdb.lake"


def test_a_folder_that_is_given_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOUSSOLE_SPARK_DIR", str(tmp_path / "lake"))
    for variables in ({}, {"keep_history": True}):
        settings = resolve(project_dir=tmp_path, target="spark", variables=variables)
        assert spark_dir(settings) == tmp_path / "lake"
