"""Spark makes what DuckDB makes of a small folder full of rare cases, in every format: `make test-spark-ci`."""

from pathlib import Path

import duckdb
import pytest

from tests.oracle.random_folder import RandomFolder
from tests.parity.compare import compare

from .command import build

MARTS = ("rep_daily_kpis", "team_monthly_kpis", "cohort_retention")

pytest.importorskip("pyspark", reason="Spark is not installed here; `make test-spark-ci` installs it")


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder full of rare cases, its tables in every format, one of them in parts."""
    folder = RandomFolder(1).write(tmp_path_factory.mktemp("spark") / "raw")
    with duckdb.connect() as connection:
        for table, suffix, options in (
            ("orders", "jsonl", "format json"),
            ("accounts", "parquet", "format parquet"),
            ("leads", "csv.gz", "format csv, header, compression gzip"),
        ):
            source = folder / f"{table}.csv"
            rows = f"read_csv('{source}', all_varchar = true, nullstr = '')"
            connection.execute(f"copy (select * from {rows}) to '{folder / table}.{suffix}' ({options})")
            source.unlink()
        parts = folder / "order_lines"
        parts.mkdir()
        lines = f"read_csv('{folder / 'order_lines.csv'}', all_varchar = true, nullstr = '')"
        for number, clause in ((1, "limit 20"), (2, "offset 20")):
            target = parts / f"part-{number}.csv"
            connection.execute(f"copy (select * from {lines} {clause}) to '{target}' (format csv, header)")
        (folder / "order_lines.csv").unlink()
    return folder


def test_spark_makes_the_marts_that_duckdb_makes(raw: Path, tmp_path: Path) -> None:
    databases = [tmp_path / target / "boussole.duckdb" for target in ("dev", "spark")]
    for database in databases:
        ran = build(
            database.parent.name, raw, database, "--no-tests", "--select", " ".join(f"+{mart}" for mart in MARTS)
        )
        assert ran.returncode == 0, ran.stdout + ran.stderr
    found = compare(databases[0], databases[1], ("core", "kpis"))
    assert {f"kpis.{mart}" for mart in MARTS} <= {one.relation for one in found}
    assert all(one.first_rows for one in found if one.relation.startswith("kpis."))
    assert [one for one in found if not one.is_same] == []
    # facts are stored by month
    tables = databases[1].with_name("boussole.duckdb.lake") / "tables" / "core.db"
    assert list(tables.glob("fct_activities*/data/started_date_month=*/*.parquet"))
