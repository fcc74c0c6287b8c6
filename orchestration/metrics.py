"""MetricFlow's command line, `mf`, without its question to the internet whether a newer release exists.

`python -m orchestration.metrics query --metrics net_revenue --group-by metric_time__month`: docs/SEMANTIC_LAYER.md.
"""

import os

from dbt_metricflow.cli import main as metricflow

from orchestration.settings import PROJECT_DIR


class NoUpdateChecker:
    """Stands in for `update_checker.UpdateChecker`: nothing is asked of anybody."""

    def check(self, *_: object) -> None:
        """Knows of no newer release."""


def main() -> None:
    """Runs `mf` with the arguments of this process, in the project's folder, where it looks for dbt's files."""
    os.chdir(PROJECT_DIR)
    metricflow.UpdateChecker = NoUpdateChecker
    metricflow.cli(prog_name="python -m orchestration.metrics")


if __name__ == "__main__":
    main()
