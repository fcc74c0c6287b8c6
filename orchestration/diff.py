"""What changed between two published builds: the values of `kpis.kpi_values`, compared in SQL."""

import contextlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

import duckdb

from orchestration import output
from orchestration.errors import BoussoleError
from orchestration.manifest import DATABASE_NAME
from orchestration.sql_text import literal

# Doubles that differ by less, relatively, are equal: a sum in another order is no restatement.
TOLERANCE = 1e-9

_KEY = ("metric", "grain", "entity_id", "period_type", "period_start")
_COUNTS = ", ".join(
    f"count(*) filter (where kind = '{kind}') as {kind}" for kind in ("restated", "updated", "added", "removed")
)

# What a summary and the list of values are made of.
CHANGES = f"""
create temp table changes as
with compared as (
    select
        {", ".join(f"coalesce(old.{name}, new.{name}) as {name}" for name in _KEY)},
        old.metric is null as is_added,
        new.metric is null as is_removed,
        coalesce(old.is_complete_period, false) as was_complete,
        old.value as before,
        new.value as after
    from before.kpis.kpi_values as old
    full outer join after.kpis.kpi_values as new
        on {" and ".join(f"old.{name} is not distinct from new.{name}" for name in _KEY)}
)

select
    {", ".join(_KEY)},
    case when is_added then 'added' when is_removed then 'removed' when was_complete then 'restated' else 'updated' end
        as kind,
    before,
    after,
    after - before as change
from compared
where
    is_added
    or is_removed
    or (before is null) <> (after is null)
    or abs(after - before) > {TOLERANCE} * greatest(abs(before), abs(after))
"""

VALUES = f"select * from changes order by {', '.join(_KEY)}"
BY_METRIC = f"""
select metric, {_COUNTS}, max(abs(change)) as largest_change from changes group by metric order by metric
"""
BY_PERIOD = f"""
select period_type, period_start, {_COUNTS}
from changes group by period_type, period_start order by period_type, period_start
"""
# What a table shows of the values; CSV and JSON have them all.
SHOWN_VALUES = 40


@contextmanager
def compared(before: Path, after: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Compares two published versions and gives a connection to query `changes` with.

    Args:
        before: Folder of the earlier version.
        after: Folder of the later one.

    Raises:
        BoussoleError: One of them cannot be read or has no `kpis.kpi_values`.
    """
    with contextlib.closing(duckdb.connect(":memory:")) as connection:
        try:
            for name, version in (("before", before), ("after", after)):
                connection.execute(f"attach {literal(str(version / DATABASE_NAME))} as {name} (read_only)")
            connection.execute(CHANGES)
        except duckdb.Error as error:
            raise BoussoleError(f"The builds {before.name} and {after.name} cannot be compared: {error}") from error
        yield connection


def write(stream: TextIO, output_format: str, connection: duckdb.DuckDBPyConnection) -> int:
    """Writes what changed and returns how many values that are.

    Args:
        stream: Where to write.
        output_format: `csv`: the values; `json`: both summaries and the values; `table`: the same, the first values.
        connection: One that `compared` gave.
    """
    ((count,),) = connection.execute("select count(*) from changes").fetchall()
    if output_format == "csv":
        output.write(stream, "csv", *_result(connection, VALUES))
    elif output_format == "json":
        parts = {"by_metric": BY_METRIC, "by_period": BY_PERIOD, "values": VALUES}
        content = {name: _objects(*_result(connection, query)) for name, query in parts.items()}
        stream.write(json.dumps(content, indent=1, ensure_ascii=False) + "\n")
    else:
        for title, query in [("By metric", BY_METRIC), ("By period", BY_PERIOD)]:
            stream.write(f"{title}\n")
            output.write(stream, "table", *_result(connection, query))
            stream.write("\n")
        stream.write(f"Values{f', the first {SHOWN_VALUES} of {count}' if count > SHOWN_VALUES else ''}\n")
        output.write(stream, "table", *_result(connection, f"{VALUES} limit {SHOWN_VALUES}"))
    return int(count)


def _result(connection: duckdb.DuckDBPyConnection, query: str) -> tuple[list[str], list[tuple[Any, ...]]]:
    found = connection.execute(query)
    return [column[0] for column in found.description or []], found.fetchall()


def _objects(columns: list[str], rows: list[tuple[Any, ...]]) -> list[dict[str, Any]]:
    return [{name: output.json_value(value) for name, value in zip(columns, row, strict=True)} for row in rows]
