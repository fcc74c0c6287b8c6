"""The semantic layer without its command line: what `mf query` would ask, answered by a warehouse of a test."""

import datetime as dt
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
from metricflow.engine.metricflow_engine import MetricFlowEngine, MetricFlowQueryRequest
from metricflow.protocols.sql_client import SqlEngine
from metricflow.sql.render.duckdb_renderer import DuckDbSqlPlanRenderer
from metricflow_semantics.model.dbt_manifest_parser import parse_manifest_from_dbt_generated_manifest
from metricflow_semantics.model.semantic_manifest_lookup import SemanticManifestLookup

from tests.conftest import REPOSITORY

# (first day of a period, values of what is grouped by) -> value
Values = dict[tuple[object, ...], float | None]


class DuckDbDialect:
    """All that MetricFlow must know of the database to write a query; it opens none."""

    sql_engine_type = SqlEngine.DUCKDB
    sql_plan_renderer = DuckDbSqlPlanRenderer()


class SemanticLayer:
    """The semantic models and metrics of the project.

    Attributes:
        metrics: MetricFlow's metrics.
    """

    def __init__(self, folder: Path) -> None:
        """Parses the project, for any database called boussole.

        Args:
            folder: Where dbt may write.
        """
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("BOUSSOLE_", "DBT_"))}
        environment["BOUSSOLE_DATABASE"] = str(folder / "boussole.duckdb")
        command = [str(Path(sys.executable).with_name("dbt")), "--quiet", "parse"]
        command += ["--target-path", str(folder), "--log-path", str(folder)]
        ran = subprocess.run(command, cwd=REPOSITORY, env=environment, capture_output=True, text=True, check=False)
        assert ran.returncode == 0, ran.stdout + ran.stderr
        text = (folder / "semantic_manifest.json").read_text(encoding="utf-8")
        manifest = parse_manifest_from_dbt_generated_manifest(text)
        self.metrics: list[Any] = list(manifest.metrics)
        self._engine = MetricFlowEngine(SemanticManifestLookup(manifest), DuckDbDialect())

    def query(self, connection: duckdb.DuckDBPyConnection, metric: str, period: str, *group_by: str) -> Values:
        """Returns (first day of the period, a value of each of group_by) -> value.

        Args:
            connection: An open warehouse.
            metric: Name of the metric.
            period: month, quarter or year.
            group_by: Entities and dimensions as MetricFlow names them: rep, customer__account_segment.
        """
        names = [f"metric_time__{period}", *group_by]
        request = MetricFlowQueryRequest.create(metric_names=[metric], group_by_names=names)
        rows = connection.execute(self._engine.explain(request).sql_statement.sql).fetchall()
        return {_key(row[:-1]): None if row[-1] is None else float(row[-1]) for row in rows}


def _key(values: Sequence[object]) -> tuple[object, ...]:
    return tuple(value.date() if isinstance(value, dt.datetime) else value for value in values)
