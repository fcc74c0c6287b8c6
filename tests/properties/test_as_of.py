"""As of a day nothing that came later is known: the folder as it was then gives the same marts."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tests.harness.compiled import Compiled
from tests.oracle.cut_folder import cut_folder

from .folders import Tables, assert_equal_marts, build_folder, raw_tables, write_tables


@given(tables=raw_tables(), day=st.dates(date(2023, 12, 15), date(2024, 9, 15)))
def test_the_future_is_not_known(compiled_as_of: Compiled, tables: Tables, day: date) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        raw = write_tables(tables, Path(scratch) / "raw")
        cut = cut_folder(raw, Path(scratch) / "cut", day)
        compiled = compiled_as_of.as_of(day)
        with build_folder(compiled, raw) as whole, build_folder(compiled, cut) as then:
            found = whole.connection.execute("select as_of_date from staging.stg_run__clock").fetchone()
            assert found == (day,)
            assert_equal_marts(whole, then)
