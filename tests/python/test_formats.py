"""The same raw tables in another format, or in parts, give the same marts."""

from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

import duckdb
import pytest

from tests.conftest import REPOSITORY, RunWarehouse, Warehouse

COPIES = cycle(
    [
        ("csv.gz", "format csv, header, compression gzip"),
        ("parquet", "format parquet"),
        ("jsonl", "format json"),
    ]
)


@pytest.fixture(scope="module")
def converted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample as CSV.gz, Parquet and JSON Lines in turn; an order's lines in two parts."""
    folder = tmp_path_factory.mktemp("formats")
    with duckdb.connect() as connection:
        for source, target, slice_sql, options in _copies(folder):
            target.parent.mkdir(parents=True, exist_ok=True)
            rows = f"read_csv('{source}', all_varchar = true, nullstr = '')"
            connection.execute(f"copy (select * from {rows} {slice_sql}) to '{target}' ({options})")
    return folder


def _copies(folder: Path) -> Iterator[tuple[Path, Path, str, str]]:
    sample = REPOSITORY / "sample_data"
    for table in sorted({path.relative_to(sample).parts[0].removesuffix(".csv") for path in sample.rglob("*.csv")}):
        suffix, options = next(COPIES)
        files = sorted((sample / table).glob("*.csv")) or [sample / f"{table}.csv"]
        for file in files:
            if table == "order_lines":
                for part, clause in ((1, "limit 5000"), (2, "offset 5000")):
                    yield file, folder / table / f"part-{part}.{suffix}", clause, options
            elif len(files) > 1:
                yield file, folder / table / f"{file.stem}.{suffix}", "", options
            else:
                yield file, folder / f"{table}.{suffix}", "", options


def test_every_format_gives_the_same_marts(warehouse: Warehouse, converted: Path, run_warehouse: RunWarehouse) -> None:
    assert {"".join(path.suffixes) for path in converted.rglob("*.*")} == {".csv.gz", ".parquet", ".jsonl"}
    other = run_warehouse(converted, data_tests=False)
    with duckdb.connect() as connection:
        connection.execute(f"attach '{warehouse.database}' as expected (read_only)")
        connection.execute(f"attach '{other.database}' as actual (read_only)")
        relations = connection.execute(
            "select table_schema || '.' || table_name from information_schema.tables "
            "where table_catalog = 'expected' and table_schema in ('core', 'kpis')"
        ).fetchall()
        assert len(relations) > 40
        for (relation,) in relations:
            for one, two in (("expected", "actual"), ("actual", "expected")):
                differing = connection.execute(
                    f"select * from {one}.{relation} except all select * from {two}.{relation} limit 3"
                ).fetchall()
                assert not differing, f"{relation} is only in {one}: {differing}"
