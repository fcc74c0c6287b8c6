"""Maps a real data set into the raw contract, with one small SQL file per raw table.

`python -m tests.real.mapping maven_crm DIR` writes the raw folder to look at or to run the warehouse on.
"""

import argparse
import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

SQL_ROOT = Path(__file__).parent
REPOSITORY = SQL_ROOT.parents[1]
# The files themselves are not part of the project.
DATA_ROOT = Path(os.environ.get("BOUSSOLE_REAL_DATA") or REPOSITORY.parent / "shared" / "data")

COPY_OPTIONS = {
    "csv": "format csv, header",
    "csv.gz": "format csv, header, compression gzip",
    "parquet": "format parquet, compression zstd",
}


@dataclass(frozen=True)
class Dataset:
    """A real data set, how to map it and how to run the warehouse on it.

    Attributes:
        name: Folder of the source files below the data root.
        sql_folders: Folders of SQL files; a file of a later folder replaces the file of that name of an earlier one.
        file_format: Extension of the raw files to write, a key of `COPY_OPTIONS`.
        variables: dbt variables of the run.
        as_of: As-of date of the run, `YYYY-MM-DD`; `None` for the default.
    """

    name: str
    sql_folders: tuple[str, ...]
    file_format: str
    variables: dict[str, Any] = field(default_factory=dict)
    as_of: str | None = None

    @property
    def source_dir(self) -> Path:
        """Folder of the source files."""
        return DATA_ROOT / self.name

    @property
    def vars_yaml(self) -> str:
        """The dbt variables as the command line takes them (JSON is YAML)."""
        return json.dumps(self.variables)


USD = {"reporting_currency": "USD"}
# Data of which most rows are refused, which would stop a run: to look at them is the point.
REFUSED = {**USD, "quarantine_stop_share": 1}
# In a zone behind UTC a bare date that is read as an instant in UTC falls on the day before, and monthly totals move.
BEHIND_UTC = {**USD, "reporting_time_zone": "America/Los_Angeles"}

DATASETS = {
    "maven_crm": Dataset("maven_crm", ("maven_crm",), "csv", USD),
    # No row with a date survives, so nothing in the data says which day it is.
    "maven_crm_messy": Dataset("maven_crm", ("maven_crm", "maven_crm/messy"), "csv", REFUSED, as_of="2017-12-31"),
    "maven_crm_messy_close_dates": Dataset("maven_crm", ("maven_crm", "maven_crm/messy_close_dates"), "csv", REFUSED),
    "maven_crm_messy_told_the_formats": Dataset(
        "maven_crm", ("maven_crm", "maven_crm/messy_told_the_formats"), "csv", USD
    ),
    "cdnow": Dataset("cdnow", ("cdnow",), "csv.gz", BEHIND_UTC),
    "adventureworks": Dataset("adventureworks", ("adventureworks",), "parquet", BEHIND_UTC),
    # The last endings are of 1 February 2020: that month shows them.
    "mrr_playbook": Dataset("mrr_playbook", ("mrr_playbook",), "csv", BEHIND_UTC, as_of="2020-02-29"),
    "mrr_playbook_open_ended": Dataset(
        "mrr_playbook", ("mrr_playbook", "mrr_playbook/open_ended"), "csv", BEHIND_UTC, as_of="2020-02-29"
    ),
}


def map_dataset(dataset: Dataset, out_dir: Path) -> Path:
    """Writes the raw tables of a data set.

    `_views.sql` is run first and may create temporary views; every other file is one query, named by its raw table.

    Args:
        dataset: What to map.
        out_dir: Folder to write to; created if it does not exist.

    Returns:
        The folder written to.

    Raises:
        duckdb.Error: A source file is missing, or a query fails.
    """
    queries = {
        path.stem: path.read_text(encoding="utf-8")
        for folder in dataset.sql_folders
        for path in sorted((SQL_ROOT / folder).glob("*.sql"))
    }
    out_dir.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(config={"threads": 2}) as connection:
        connection.execute("set variable source_dir = ?", [str(dataset.source_dir)])
        connection.execute(queries.pop("_views", ""))
        for table, query in queries.items():
            target = out_dir / f"{table}.{dataset.file_format}"
            connection.sql(query).create_view(table)
            connection.execute(f"copy {table} to '{target}' ({COPY_OPTIONS[dataset.file_format]})")
    return out_dir


def main() -> None:
    """Command line: maps one data set into a folder."""
    parser = argparse.ArgumentParser(description="Map a real data set into a folder of raw tables.")
    parser.add_argument("dataset", choices=sorted(DATASETS))
    parser.add_argument("out_dir", type=Path, metavar="DIR")
    arguments = parser.parse_args()
    map_dataset(DATASETS[arguments.dataset], arguments.out_dir)


if __name__ == "__main__":
    main()
