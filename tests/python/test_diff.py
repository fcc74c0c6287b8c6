"""The difference of two published builds, from tables of a few values."""

import csv
import io
import json
from pathlib import Path

import duckdb
import pytest

from orchestration import diff
from orchestration.errors import BoussoleError
from orchestration.publish import publish
from tests.conftest import run_cli
from tests.python.tiny_builds import build_id, publish_build

COLUMNS = "metric, grain, entity_id, period_type, period_start, value, is_complete_period"
BEFORE = """
    ('net_revenue', 'company', 'all', 'month', date '2024-01-01', 100, true),
    ('net_revenue', 'company', 'all', 'month', date '2024-02-01', 40, false),
    ('net_revenue', 'team', 'T1', 'month', date '2024-01-01', 60, true),
    ('net_revenue', 'team', null, 'month', date '2024-01-01', 1, true),
    ('win_rate', 'company', 'all', 'month', date '2024-01-01', null, true),
    ('win_rate', 'company', 'all', 'month', date '2024-02-01', 0.3, true),
    ('win_rate', 'team', 'T1', 'month', date '2024-01-01', null, true)
"""
AFTER = """
    ('net_revenue', 'company', 'all', 'month', date '2024-01-01', 90, true),
    ('net_revenue', 'company', 'all', 'month', date '2024-02-01', 50, true),
    ('net_revenue', 'team', 'T1', 'month', date '2024-01-01', 60.00000000001, true),
    ('net_revenue', 'team', null, 'month', date '2024-01-01', 1, true),
    ('win_rate', 'company', 'all', 'month', date '2024-01-01', 0.5, true),
    ('win_rate', 'team', 'T1', 'month', date '2024-01-01', null, true),
    ('win_rate', 'team', 'T2', 'month', date '2024-01-01', 1, true)
"""


def publish_values(tmp_path: Path, number: int, values: str) -> Path:
    database = tmp_path / f"values_{number}.duckdb"
    with duckdb.connect(str(database)) as connection:
        connection.execute("create schema kpis")
        connection.execute(
            f"create table kpis.kpi_values as select * replace (cast(value as double) as value) "
            f"from (values {values}) as v({COLUMNS})"
        )
    publish(database, tmp_path / "published", build_id(number), [("kpis", "kpi_values")])
    return tmp_path / "published" / "versions" / build_id(number)


@pytest.fixture
def versions(tmp_path: Path) -> tuple[Path, Path]:
    return publish_values(tmp_path, 1, BEFORE), publish_values(tmp_path, 2, AFTER)


def written(versions: tuple[Path, Path], output_format: str) -> str:
    stream = io.StringIO()
    with diff.compared(*versions) as connection:
        diff.write(stream, output_format, connection)
    return stream.getvalue()


def test_each_value_that_changed_and_no_other(versions: tuple[Path, Path]) -> None:
    rows = list(csv.reader(io.StringIO(written(versions, "csv"))))
    assert rows == [
        ["metric", "grain", "entity_id", "period_type", "period_start", "kind", "before", "after", "change"],
        ["net_revenue", "company", "all", "month", "2024-01-01", "restated", "100.0", "90.0", "-10.0"],
        ["net_revenue", "company", "all", "month", "2024-02-01", "updated", "40.0", "50.0", "10.0"],
        ["win_rate", "company", "all", "month", "2024-01-01", "restated", "", "0.5", ""],
        ["win_rate", "company", "all", "month", "2024-02-01", "removed", "0.3", "", ""],
        ["win_rate", "team", "T2", "month", "2024-01-01", "added", "", "1.0", ""],
    ]


def test_summaries_by_metric_and_by_period(versions: tuple[Path, Path]) -> None:
    content = json.loads(written(versions, "json"))
    assert content["by_metric"] == [
        {"metric": "net_revenue", "restated": 1, "updated": 1, "added": 0, "removed": 0, "largest_change": 10},
        {"metric": "win_rate", "restated": 1, "updated": 0, "added": 1, "removed": 1, "largest_change": None},
    ]
    january, february = content["by_period"]
    assert (january["period_start"], january["restated"], january["added"]) == ("2024-01-01", 2, 1)
    assert (february["period_start"], february["restated"], february["updated"]) == ("2024-02-01", 0, 1)
    assert len(content["values"]) == 5


def test_the_same_build_differs_in_nothing(versions: tuple[Path, Path]) -> None:
    content = json.loads(written((versions[0], versions[0]), "json"))
    assert content == {"by_metric": [], "by_period": [], "values": []}


def test_the_command(tmp_path: Path, versions: tuple[Path, Path]) -> None:
    folder = ("--publish-dir", str(tmp_path / "published"))
    ran = run_cli("diff", "previous", "current", *folder)
    assert ran.returncode == 0
    assert "By metric\n" in ran.stdout
    assert "Values\n" in ran.stdout
    assert f"5 values differ between {build_id(1)} and {build_id(2)}" in ran.stderr
    assert run_cli("diff", build_id(1), "--format", "json", *folder).stdout == written(versions, "json")
    assert run_cli("diff", "nothing", *folder).returncode == 2


def test_a_build_without_kpi_values_cannot_be_compared(tmp_path: Path, versions: tuple[Path, Path]) -> None:
    without = tmp_path / "published/versions" / publish_build(tmp_path, 3)
    with pytest.raises(BoussoleError, match="cannot be compared"), diff.compared(versions[0], without):
        pass
