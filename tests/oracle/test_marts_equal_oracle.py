"""The marts of the sample warehouse against the oracle: every row and every column."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from .compute import Result, compute
from .diff import MARTS, differences

SAMPLE = Path(__file__).resolve().parents[2] / "sample_data"


@pytest.fixture(scope="session")
def oracle(warehouse: Any) -> Result:
    """The oracle's result over the raw folder that the warehouse was built from."""
    return compute(Path(getattr(warehouse, "raw_dir", SAMPLE)), getattr(warehouse, "vars", None))


@pytest.mark.parametrize("mart", list(MARTS))
def test_the_mart_equals_the_oracle(mart: str, warehouse: Any, oracle: Result) -> None:
    connection = warehouse.connect()
    try:
        found = differences(connection, oracle, mart)
    finally:
        connection.close()
    if found.counts:
        pytest.fail(found.report(mart), pytrace=False)
    assert found.cells > 0 or mart == "quarantined_rows"
