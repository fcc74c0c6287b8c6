"""Every data test of the project holds of every folder: the identities (singular tests), grains, ranges, references."""

from __future__ import annotations

from hypothesis import given

from tests.harness.compiled import Compiled

from .folders import Tables, build, raw_tables

# A warning about the data, or a limit on its quality, is no identity.
OF_THE_DATA = {"row_accounting__quarantine_below_stop", "row_accounting__quarantine_below_warn"}


@given(tables=raw_tables())
def test_every_data_test_holds(compiled: Compiled, tables: Tables) -> None:
    tests = [one for one in compiled.tests if one.is_error and one.name not in OF_THE_DATA]
    assert sum(one.is_singular for one in tests) > 60
    with build(compiled, tables) as warehouse:
        assert warehouse.failing_tests(tests) == []
