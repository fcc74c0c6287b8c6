"""The semantic layer speaks of the catalogue's metrics, in its words, and answers with the numbers of the marts."""

import csv
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from tests.conftest import REPOSITORY, Warehouse
from tests.semantic_layer import SemanticLayer, Values

CATALOGUE = {
    row["metric"]: row
    for row in csv.DictReader((REPOSITORY / "seeds" / "kpi_catalogue.csv").open(encoding="utf-8", newline=""))
}
DOCUMENT = (REPOSITORY / "docs" / "SEMANTIC_LAYER.md").read_text(encoding="utf-8")
# The first column of the one table.
LEFT_OUT = set(re.findall(r"`(\w+)`", " ".join(re.findall(r"^\|([^|]*)\|", DOCUMENT, re.MULTILINE))))
METRICS = [metric for metric in CATALOGUE if metric not in LEFT_OUT]
ENTITY = {"company": (), "team": ("team",), "rep": ("rep",)}
# A mart, its key, the same in the semantic layer, and the metrics that both have.
MARTS = [
    ("product_monthly_kpis", "product_id", "product", ["net_revenue", "units_sold", "gross_margin", "discount_amount"]),
    ("campaign_monthly_kpis", "campaign_id", "campaign", ["attributed_revenue", "attributed_margin"]),
    ("segment_monthly_kpis", "segment", "customer__account_segment", ["net_revenue", "new_customers", "complaints"]),
    ("channel_monthly_kpis", "channel", "lead__channel", ["leads_created"]),
]


@pytest.fixture(scope="module")
def layer(tmp_path_factory: pytest.TempPathFactory) -> SemanticLayer:
    return SemanticLayer(tmp_path_factory.mktemp("semantic_layer"))


@pytest.fixture(scope="module")
def connection(warehouse: Warehouse) -> Iterator[duckdb.DuckDBPyConnection]:
    with warehouse.connect() as opened:
        yield opened


def assert_same(metric: str, published: Values, answered: Values) -> None:
    """Where nothing happened a mart has 0 and the semantic layer no row, or NULL."""
    periods = {period for period, *_ in published}
    keys = set(published) | {key for key in answered if key[0] in periods}
    # Counts and money are exact; a ratio is divided from the same parts in another type.
    tolerance = 1e-12 if CATALOGUE[metric]["aggregation"] == "ratio" else 0
    wrong = {
        key: (published.get(key), answered.get(key))
        for key in keys
        if (published.get(key) or answered.get(key))
        and published.get(key) != pytest.approx(answered.get(key), rel=tolerance, abs=0)
    }
    assert not wrong
    assert any(answered.values())


# ---- words -----------------------------------------------------------------------------------------------------------


def test_every_metric_is_one_of_the_catalogue_or_a_part_of_one(layer: SemanticLayer) -> None:
    wrong = []
    for metric in layer.metrics:
        meta = metric.config.meta
        told = {"label": metric.label, "description": metric.description, "unit": meta.get("unit")}
        if metric.name in CATALOGUE:
            row = CATALOGUE[metric.name]
            expected = {"label": row["name_en"], "description": row["definition_en"], "unit": row["unit"]}
            if told != expected or "part_of" in meta:
                wrong.append(f"{metric.name}: {told} is not {expected}")
        elif meta.get("part_of") not in CATALOGUE or not all(told.values()):
            wrong.append(f"{metric.name}: neither in the catalogue nor, by its meta, a part of one of its metrics")
    assert not wrong, "\n".join(wrong)


def test_the_document_lists_what_is_left_out(layer: SemanticLayer) -> None:
    assert set(CATALOGUE) - {metric.name for metric in layer.metrics} == LEFT_OUT


# ---- numbers ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("metric", METRICS)
def test_a_metric_has_the_values_of_kpi_values(
    layer: SemanticLayer, connection: duckdb.DuckDBPyConnection, metric: str
) -> None:
    for grain in CATALOGUE[metric]["grains"].split():
        for period in ("month", "quarter", "year") if grain == "company" else ("month",):
            rows = connection.execute(
                "select period_start, entity_id, value from kpis.kpi_values "
                "where metric = ? and grain = ? and period_type = ?",
                [metric, grain, period],
            ).fetchall()
            published: Values = {(start, entity) if ENTITY[grain] else (start,): value for start, entity, value in rows}
            assert_same(metric, published, layer.query(connection, metric, period, *ENTITY[grain]))


@pytest.mark.parametrize(("mart", "key", "dimension", "metrics"), MARTS, ids=[mart for mart, *_ in MARTS])
def test_a_metric_by_a_dimension_has_the_values_of_its_mart(
    layer: SemanticLayer,
    connection: duckdb.DuckDBPyConnection,
    mart: str,
    key: str,
    dimension: str,
    metrics: list[str],
) -> None:
    for metric in metrics:
        rows = connection.execute(f"select month, {key}, cast({metric} as double) from kpis.{mart}").fetchall()
        published: Values = {(month, value): number for month, value, number in rows}
        answered: Values = {
            (month, value or "unknown"): number
            for (month, value), number in layer.query(connection, metric, "month", dimension).items()
        }
        if mart == "campaign_monthly_kpis":
            published = {each: number for each, number in published.items() if each[1] != "unattributed"}
        assert_same(metric, published, answered)


# ---- command line ----------------------------------------------------------------------------------------------------


def test_the_command_line_asks_nobody_for_a_newer_release(tmp_path: Path) -> None:
    script = (
        "import sys, update_checker\n"
        "update_checker.UpdateChecker.check = lambda *_: print('asked')\n"
        "from orchestration import metrics\n"
        "sys.argv = ['metrics', 'query', '--help']\n"
        "metrics.main()\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script], cwd=REPOSITORY, capture_output=True, text=True, check=False, timeout=120
    )
    assert ran.returncode == 0, ran.stderr
    assert "--metrics" in ran.stdout
    assert "asked" not in ran.stdout
