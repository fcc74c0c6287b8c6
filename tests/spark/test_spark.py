"""Spark makes what DuckDB makes: small folders full of rare cases, in every format. Run by `make test-spark-ci`."""

import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from tests.oracle.folders import write_csv
from tests.oracle.random_folder import RandomFolder
from tests.parity.compare import compare

REPOSITORY = Path(__file__).resolve().parent.parent.parent
MARTS = ("rep_daily_kpis", "team_monthly_kpis", "cohort_retention")

pytest.importorskip("pyspark", reason="Spark is not installed here; `make test-spark-ci` installs it")


def build(target: str, raw: Path, database: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "orchestration", "run", "--target", target, "--raw", str(raw)]
    command += ["--database", str(database), "--publish-dir", str(database.parent / "published"), *options]
    return subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False, timeout=900)


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


def test_a_line_cut_short_stops_the_run_and_names_it(raw: Path, tmp_path: Path) -> None:
    folder = tmp_path / "raw"
    write_csv(folder / "leads.csv", [{"lead_id": "l1", "created_at": "2024-01-05", "owner_rep_id": "r1"}])
    with (folder / "leads.csv").open("a", encoding="utf-8") as file:
        file.write("l2,2024-01-06\n")
    ran = build("spark", folder, tmp_path / "boussole.duckdb", "--select", "stg_crm__leads")
    assert ran.returncode == 2
    assert "leads.csv, record 2" in ran.stdout


def test_the_history_of_a_rep_who_vanished_ends_and_keeps_its_key(tmp_path: Path) -> None:
    """`hard_deletes: new_record` would add a row without a value in any column."""
    folder, database = tmp_path / "raw", tmp_path / "boussole.duckdb"
    write_csv(folder / "leads.csv", [{"lead_id": "l1", "created_at": "2024-01-05", "owner_rep_id": "r1"}])
    for as_of, teams in (("2024-01-31", {"r1": "t1", "r2": "t1"}), ("2024-02-29", {"r1": "t2"})):
        write_csv(folder / "reps.csv", [{"rep_id": rep, "team_id": team} for rep, team in teams.items()])
        options = ["--as-of", as_of, "--vars", "{keep_history: true}", "--select", "+snap_crm__reps"]
        ran = build("spark", folder, database, *options)
        assert ran.returncode == 0, ran.stdout + ran.stderr
    with duckdb.connect(str(database), read_only=True) as connection:
        rows = connection.execute(
            "select rep_id, team_id, cast(dbt_valid_from as date)::varchar, cast(dbt_valid_to as date)::varchar "
            "from history.snap_crm__reps order by 1, 3"
        ).fetchall()
    assert rows == [
        ("r1", "t1", "2024-01-31", "2024-02-29"),
        ("r1", "t2", "2024-02-29", None),
        ("r2", "t1", "2024-01-31", "2024-02-29"),
    ]
