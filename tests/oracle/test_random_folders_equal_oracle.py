"""A warehouse of a small folder full of rare cases against the oracle; `make oracle` compares more of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from .compute import compute
from .diff import MARTS, differences
from .runs import EVERYDAY


def test_the_marts_equal_the_oracle(run_warehouse: Callable[..., Any], tmp_path: Path) -> None:
    raw = EVERYDAY.write(tmp_path / "raw")
    built = run_warehouse(raw, vars=EVERYDAY.variables, data_tests=False)
    result = compute(raw, EVERYDAY.variables)
    connection = built.connect()
    try:
        found = {mart: differences(connection, result, mart) for mart in MARTS}
    finally:
        connection.close()
    if any(one.counts for one in found.values()):
        pytest.fail("\n".join(one.report(mart) for mart, one in found.items()), pytrace=False)
    assert all(one.cells > 0 for mart, one in found.items() if mart != "quarantined_rows")
