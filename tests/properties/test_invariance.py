"""What the marts must not depend on: the order of raw rows, their files, repetitions."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given

from tests.harness.compiled import Compiled
from tests.oracle.folders import write_csv

from .folders import Tables, assert_equal_marts, build, build_folder, in_parts, permuted, raw_tables, seeds


@given(tables=raw_tables(), seed=seeds)
def test_any_order_and_any_files_give_the_same_marts(compiled: Compiled, tables: Tables, seed: int) -> None:
    with tempfile.TemporaryDirectory() as folder, build(compiled, tables) as before:
        for name, rows in tables.items():
            for number, part in enumerate(in_parts(permuted(rows, seed), seed)):
                write_csv(Path(folder) / name / f"{number}.csv", part)
        with build_folder(compiled, Path(folder)) as after:
            assert_equal_marts(before, after)


@given(tables=raw_tables(), seed=seeds)
def test_rows_that_are_there_twice_count_once(compiled: Compiled, tables: Tables, seed: int) -> None:
    """Each copy follows its row: further down it might be newer than a version of the same instant."""
    doubled = {
        name: [row for number, row in enumerate(rows) for _ in range(1 + (seed >> number % 32) % 2)]
        for name, rows in tables.items()
    }
    with build(compiled, tables) as before, build(compiled, doubled) as after:
        assert_equal_marts(before, after)
