"""Warehouses of small folders full of rare cases against the oracle, under other variables than the defaults."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from .compute import compute
from .diff import MARTS, differences
from .random_folder import RandomFolder

RUNS: list[tuple[int, dict[str, Any], str | None]] = [
    (1, {}, None),
    (2, {"reporting_time_zone": "America/New_York", "revenue_basis": "won_opportunities"}, None),
    (3, {"lead_conversion_days": 30}, "2024-06-18"),
    (4, {"start_date": "2024-02-15"}, None),
]


@pytest.mark.parametrize(("seed", "variables", "as_of"), RUNS)
def test_the_marts_equal_the_oracle(
    seed: int, variables: dict[str, Any], as_of: str | None, run_warehouse: Callable[..., Any], tmp_path: Path
) -> None:
    raw = RandomFolder(seed).write(tmp_path / "raw")
    built = run_warehouse(raw, vars=variables, as_of=as_of)
    result = compute(raw, {**variables, "as_of_date": as_of})
    connection = built.connect()
    try:
        found = {mart: differences(connection, result, mart) for mart in MARTS}
    finally:
        connection.close()
    if any(one.counts for one in found.values()):
        pytest.fail("\n".join(one.report(mart) for mart, one in found.items()), pytrace=False)
