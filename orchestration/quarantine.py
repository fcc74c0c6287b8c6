"""The rows that were set aside, by table and reason, with examples and where to find them."""

import contextlib
from pathlib import Path
from typing import Any

import duckdb

from orchestration.errors import BoussoleError

EXAMPLES = 1

# A group is a table, a reason and the column that is its cause; its examples are the first records of the first files.
_REPORT = """
with numbered as (
    select
        table_name, reason, column_name, source_file, record_number, row_key, raw_row,
        count(*) over kind as row_count,
        row_number() over (kind order by source_file, record_number) as example
    from quality.quarantined_rows
    where $table is null or table_name = $table
    window kind as (partition by table_name, reason, column_name)
)

select
    numbered.table_name as "table",
    numbered.reason,
    numbered.column_name as "column",
    numbered.row_count as "rows",
    round(numbered.row_count / accounting.rows_read, 6) as "share",
    numbered.source_file as file,
    numbered.record_number as record,
    numbered.row_key as key,
    numbered.raw_row as "row"
from numbered
inner join quality.row_accounting as accounting on numbered.table_name = accounting.table_name
where numbered.example <= $examples
order by numbered.table_name, numbered.row_count desc, numbered.reason, numbered.column_name, numbered.example
"""


def report(database: Path, table: str | None, examples: int = EXAMPLES) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Returns columns and rows of the report: one row per example.

    `share` is that of the rows read of the table; `record` is the number of the record in its file, from 1 and without
    the header: in a CSV file without line breaks in values its line is one more.

    Args:
        database: The private database; the published file has no quarantine, which may hold personal data.
        table: Raw table; None for all.
        examples: How many rows of each table, reason and column.

    Raises:
        BoussoleError: There is no database with a quarantine, it is being written, or there is no such table.
    """
    if not database.exists():
        raise BoussoleError(f"Nothing was built in {database}. Build it: python -m orchestration run")
    try:
        with contextlib.closing(duckdb.connect(str(database), read_only=True)) as connection:
            tables = [
                name for (name,) in connection.execute("select table_name from quality.row_accounting").fetchall()
            ]
            if table is not None and table not in tables:
                raise BoussoleError(f"There is no raw table {table}. The contract has: {', '.join(sorted(tables))}.")
            found = connection.execute(_REPORT, {"table": table, "examples": examples})
            return [column[0] for column in found.description or []], found.fetchall()
    except duckdb.Error as error:
        raise BoussoleError(
            f"The quarantine of {database} cannot be read: {error}. Wait for the run at work, or run again."
        ) from error
