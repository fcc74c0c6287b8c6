"""Bad files and the history of reps on Spark: `make test-spark`."""

from pathlib import Path

import duckdb
import pytest

from tests.oracle.folders import write_csv

from .command import build

pytest.importorskip("pyspark", reason="Spark is not installed here; `make test-spark` installs it")


def test_a_line_cut_short_stops_the_run_and_names_it(tmp_path: Path) -> None:
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
