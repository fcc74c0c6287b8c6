"""Runs the SQL files of this folder in DuckDB and writes the raw tables, with a manifest of what was planted in them.

The company is made in typed tables of the schema `raw`, then dirt is planted in them. For CSV the tables are turned
into text, in which values can be broken that typed columns cannot hold. Every draw is a hash of the seed, so the same
scale and seed give the same bytes on any machine and with any number of threads.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from orchestration.errors import BoussoleError

GENERATOR_VERSION = "2"
FIRST_DAY = "2023-01-01"
LAST_DAY = "2025-06-20"
MONTHS = 30

FORMATS = ("csv", "parquet")
EXAMPLES_PER_PLANT = 20
ROWS_PER_PARQUET_FILE = 600_000
MEMORY_LIMIT = "4GB"

SQL_FOLDER = Path(__file__).parent
PLANTS = "60_plants.sql"
TEXT_PLANTS = "61_text_plants.sql"
EXPECTATIONS = "62_expectations.sql"

# The key of each raw table, in the contract's order; files are sorted by it.
KEYS: dict[str, tuple[str, ...]] = {
    "teams": ("team_id",),
    "reps": ("rep_id",),
    "team_memberships": ("rep_id", "valid_from"),
    "accounts": ("account_id",),
    "account_owners": ("account_id", "valid_from"),
    "contacts": ("contact_id",),
    "leads": ("lead_id",),
    "opportunities": ("opportunity_id",),
    "opportunity_stage_changes": ("opportunity_id", "changed_at"),
    "opportunity_splits": ("opportunity_id", "rep_id"),
    "products": ("product_id",),
    "orders": ("order_id",),
    "order_lines": ("order_line_id",),
    "returns": ("return_id",),
    "activities": ("activity_id",),
    "campaigns": ("campaign_id",),
    "campaign_spend": ("campaign_id", "spend_date"),
    "web_visits": ("visit_date", "channel", "campaign_id"),
    "subscriptions": ("subscription_id", "started_on"),
    "tickets": ("ticket_id",),
    "survey_responses": ("response_id",),
    "survey_invitations": ("invitation_id",),
    "reviews": ("review_id",),
    "targets": ("target_month", "entity_type", "entity_id", "metric"),
    "operating_costs": ("cost_id",),
    "exchange_rates": ("rate_date", "currency"),
    "holidays": ("holiday_date", "region"),
}

# A row is exported when it was last changed, which decides its part file; some tables only say when the event was.
PART_DATES = {
    "activities": "coalesce(updated_at, started_at)",
    "opportunity_stage_changes": "changed_at",
    "survey_invitations": "sent_at",
}
CSV_TABLES_IN_PARTS = ("activities",)

Manifest = dict[str, Any]
Connection = duckdb.DuckDBPyConnection


@dataclass(frozen=True)
class Plant:
    """One kind of dirt in one table; the file that `PLANTS` names explains the fields."""

    kind: str
    table: str
    action: str
    least: int
    share: float
    where_row: str
    changes: str


def generate(scale: int, seed: int, out: Path, file_format: str | None = None) -> Manifest:
    """Writes the 27 raw tables and `manifest.json` into a folder.

    Events grow with the scale, accounts with its power 0.9, reps 0.6, teams 0.4. Tables of an earlier run in the same
    folder are replaced; other files are left alone.

    Args:
        scale: 1 is about 120,000 rows; the number of events grows in proportion.
        seed: Any integer of 64 bits; the same seed gives the same company.
        out: The folder to write to; created when absent.
        file_format: `csv` or `parquet`; by default CSV for scale 1 and Parquet beyond.

    Returns:
        The manifest: tables with their rows and files, and what was planted.

    Raises:
        BoussoleError: The scale is not positive or the format is not known.
    """
    if scale < 1:
        raise BoussoleError(f"The scale must be 1 or more, not {scale}.")
    chosen_format = file_format or ("csv" if scale == 1 else "parquet")
    if chosen_format not in FORMATS:
        raise BoussoleError(f"The format must be {' or '.join(FORMATS)}, not {chosen_format}.")

    out.mkdir(parents=True, exist_ok=True)
    _remove_earlier_tables(out)
    # beside the result, which is where the room for large scales was planned
    scratch = out / ".scratch"
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir()
    try:
        with duckdb.connect(str(scratch / "sample.duckdb")) as connection:
            _configure(connection, scale, seed, scratch)
            _make_company(connection)
            planted = _plant(connection, "raw", PLANTS)
            schema = "raw"
            not_planted: list[str] = []
            if chosen_format == "csv":
                schema = "text"
                _turn_into_text(connection)
                _plant(connection, schema, TEXT_PLANTS, planted)
            else:
                not_planted = _only_in_text(connection, planted)
            files = {table: list(_write(connection, schema, table, out, chosen_format)) for table in KEYS}
            manifest = {
                "generator_version": GENERATOR_VERSION,
                "scale": scale,
                "seed": seed,
                "format": chosen_format,
                "first_day": FIRST_DAY,
                "as_of_date": LAST_DAY,
                **_account_for(connection, files),
                "not_planted_because_columns_have_types": not_planted,
            }
    finally:
        shutil.rmtree(scratch, ignore_errors=True)

    (out / "manifest.json").write_text(_as_json(manifest), encoding="utf-8", newline="\n")
    return manifest


def _as_json(manifest: Manifest) -> str:
    """JSON with one line for each table and each plant, so that a difference is easy to read."""

    def line(value: object) -> str:
        return json.dumps(value, ensure_ascii=False)

    entries = []
    for name, value in manifest.items():
        if isinstance(value, dict):
            items = [f"{line(key)}: {line(item)}" for key, item in value.items()]
            text = "{\n    " + ",\n    ".join(items) + "\n  }"
        elif isinstance(value, list):
            text = "[\n    " + ",\n    ".join(line(item) for item in value) + "\n  ]" if value else "[]"
        else:
            text = line(value)
        entries.append(f"  {line(name)}: {text}")
    return "{\n" + ",\n".join(entries) + "\n}\n"


def _remove_earlier_tables(out: Path) -> None:
    for table in KEYS:
        for file_format in FORMATS:
            (out / f"{table}.{file_format}").unlink(missing_ok=True)
            for part in (out / table).glob(f"*.{file_format}"):
                part.unlink()
        if (out / table).is_dir() and not any((out / table).iterdir()):
            (out / table).rmdir()


def _configure(connection: Connection, scale: int, seed: int, scratch: Path) -> None:
    """Sets the limits of the engine, and the sizes of the company as variables that the SQL reads."""
    connection.execute(f"set memory_limit = '{MEMORY_LIMIT}'")
    connection.execute(f"set temp_directory = {_quoted(scratch / 'spill')}")
    connection.execute("set preserve_insertion_order = true")
    accounts = round(700 * scale**0.9)
    sizes: dict[str, int | float | str] = {
        "seed": seed,
        "scale": scale,
        "months": MONTHS,
        "last_day": f"date '{LAST_DAY}'",
        "accounts": accounts,
        "reps": round(36 * scale**0.6),
        "teams": round(8 * scale**0.4),
        "products": round(36 * scale**0.3),
        "campaigns": round(40 * scale**0.3),
        # first purchases and first deals grow with the accounts only: the others make up for it
        "repeats_per_account": round(1.142 * scale**0.1 - 0.142, 6),
        "lost_deals": 3900 * scale - round(0.857 * accounts),
    }
    types = {int: "bigint", float: "double", str: "date"}
    for name, value in sizes.items():
        connection.execute(f"set variable {name} = cast({value} as {types[type(value)]})")


def _make_company(connection: Connection) -> None:
    """Runs the files before the plants in the order of their names; notes which rows they marked as dirt."""
    for file in sorted(SQL_FOLDER.glob("*.sql")):
        if file.name < PLANTS:
            connection.execute(file.read_text(encoding="utf-8"))
    for table in KEYS:
        connection.execute(
            f"insert into work.planted select _plant, '{table}', {_key(table)}, {_key(table)} "
            f"from raw.{table} where _plant is not null"
        )


def _plant(connection: Connection, schema: str, file: str, done: int = 0) -> int:
    """Plants what a file adds to the catalogue; returns how many entries the catalogue has now.

    Args:
        connection: Where the tables are.
        schema: `raw` for typed tables, `text` for text.
        file: The SQL file that adds to the catalogue.
        done: How many entries were planted before.
    """
    connection.execute((SQL_FOLDER / file).read_text(encoding="utf-8"))
    rows = connection.execute(
        "select kind, table_name, action, least, share, where_row, changes from work.plants order by rowid"
    ).fetchall()
    for row in rows[done:]:
        plant = Plant(*row)
        if plant.action != "mark":
            _plant_one(connection, schema, plant)
    return len(rows)


def _only_in_text(connection: Connection, done: int) -> list[str]:
    """The kinds of dirt that typed columns cannot hold."""
    connection.execute((SQL_FOLDER / TEXT_PLANTS).read_text(encoding="utf-8"))
    return sorted(
        {kind for (kind,) in connection.execute("select kind from work.plants order by rowid").fetchall()[done:]}
    )


def _plant_one(connection: Connection, schema: str, plant: Plant) -> None:
    """Chooses clean rows by a hash of their key and copies or changes them."""
    table = plant.table
    total = _count(connection, f"{schema}.{table}")
    wanted = plant.least + int(plant.share * total)
    # of a large table only a part is sorted to choose a few rows
    pool = min(1.0, (30_000 + 10 * wanted) / total)
    connection.execute(
        f"""
        create or replace temp table picked as
        with clean as (
            select rowid as picked_row, {_key(table)} as picked_key
            from {schema}.{table}
            where _plant is null
                and chance('pool.{plant.kind}', {_key(table)}, {pool!r})
                and ({plant.where_row})
        )

        select picked_row, picked_key
        from clean
        where picked_key is not null
            and picked_key not in (select taken_key from work.planted where table_name = '{table}')
        order by mixed('{plant.kind}', picked_key), picked_key
        limit {wanted}
        """
    )
    found = _count(connection, "picked")
    if found < plant.least:
        raise BoussoleError(
            f"{plant.kind}: only {found} of {plant.least} rows of {table} can be chosen. Try another seed."
        )
    connection.execute(
        f"""
        create or replace temp table changed as
        select {table}.* replace ({plant.changes}, '{plant.kind}' as _plant), picked.picked_key
        from {schema}.{table}
        inner join picked on {table}.rowid = picked.picked_row
        """
    )
    if plant.action == "change":
        connection.execute(f"delete from {schema}.{table} where rowid in (select picked_row from picked)")
    connection.execute(f"insert into {schema}.{table} select * exclude (picked_key) from changed")
    # a row that has lost a part of its key is known by the key that it had
    complete = " and ".join(f"{column} is not null" for column in KEYS[table])
    connection.execute(
        f"""
        insert into work.planted
        select '{plant.kind}', '{table}', case when {complete} then {_key(table)} else picked_key end, picked_key
        from changed
        """
    )


def _key(table: str) -> str:
    """The key of a row as one text, NULL parts left out."""
    columns = KEYS[table]
    return f"cast({columns[0]} as varchar)" if len(columns) == 1 else f"concat_ws('|', {', '.join(columns)})"


def _columns(connection: Connection, schema: str, table: str) -> dict[str, str]:
    """The columns of a table and their types, without the mark of planted rows."""
    described = connection.execute(f"describe {schema}.{table}").fetchall()
    return {name: kind for name, kind, *_ in described if name != "_plant"}


def _count(connection: Connection, table: str) -> int:
    return int(connection.execute(f"select count(*) from {table}").fetchall()[0][0])


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


def _turn_into_text(connection: Connection) -> None:
    """Moves every raw table into the schema `text`, each value in the lexical form of the contract."""
    connection.execute("create schema text")
    for table in KEYS:
        values = [f"{_as_text(name, kind)} as {name}" for name, kind in _columns(connection, "raw", table).items()]
        connection.execute(f"create table text.{table} as select {', '.join(values)}, _plant from raw.{table}")
        connection.execute(f"drop table raw.{table}")


def _as_text(column: str, kind: str) -> str:
    if kind == "TIMESTAMP":
        return f"strftime({column}, '%Y-%m-%dT%H:%M:%SZ')"
    if kind.startswith("DECIMAL"):
        return f"rtrim(rtrim(cast({column} as varchar), '0'), '.')"
    return f"cast({column} as varchar)"


def _write(connection: Connection, schema: str, table: str, out: Path, file_format: str) -> Iterator[tuple[str, int]]:
    """Writes a table as one file or as a folder of part files; yields each file's name and rows."""
    columns = list(_columns(connection, schema, table))
    order = list(KEYS[table])
    if "updated_at" in columns:
        order.append("updated_at nulls first")
    # of equal versions the original comes last in the file, so it is the one that wins
    order += ["_plant is null", "_plant", f"hash({', '.join(columns)})"]
    options = "format csv, header" if file_format == "csv" else "format parquet, compression zstd"

    for name, condition in _parts(connection, schema, table, file_format):
        file = out / f"{name}.{file_format}"
        file.parent.mkdir(exist_ok=True)
        written = connection.execute(
            f"""
            copy (select {", ".join(columns)} from {schema}.{table} where {condition} order by {", ".join(order)})
            to {_quoted(file)} ({options})
            """
        ).fetchall()
        yield file.relative_to(out).as_posix(), int(written[0][0])


def _parts(connection: Connection, schema: str, table: str, file_format: str) -> list[tuple[str, str]]:
    """The files of a table: their names, and the condition that a row meets to be in each."""
    if file_format == "csv":
        date = f"left({PART_DATES.get(table, 'updated_at')}, 4)"
        in_parts = table in CSV_TABLES_IN_PARTS
        first, last = FIRST_DAY[:4], LAST_DAY[:4]
    else:
        date = f"strftime({PART_DATES.get(table, 'updated_at')}, '%Y-%m')"
        in_parts = _count(connection, f"{schema}.{table}") > ROWS_PER_PARQUET_FILE
        first, last = FIRST_DAY[:7], LAST_DAY[:7]
    if not in_parts:
        return [(table, "true")]
    # what is older than the CRM is in the first file, and what has no date in the last
    part = f"greatest(coalesce({date}, '{last}'), '{first}')"
    values = connection.execute(f"select distinct {part} from {schema}.{table} order by 1").fetchall()
    return [(f"{table}/{value}", f"{part} = '{value}'") for (value,) in values]


def _account_for(connection: Connection, files: dict[str, list[tuple[str, int]]]) -> Manifest:
    """What was written and what was planted, table by table."""
    connection.execute((SQL_FOLDER / EXPECTATIONS).read_text(encoding="utf-8"))
    tables: dict[str, dict[str, Any]] = {}
    for table in sorted(files):
        rows = sum(count for _, count in files[table])
        fates = dict(
            connection.execute("select fate, planted_rows from fates where table_name = ?", [table]).fetchall()
        )
        tables[table] = {
            "rows": rows,
            "staged": rows - sum(fates.values()),
            "older_versions": fates.get("older_version", 0),
            "deleted": fates.get("deleted", 0),
            "quarantined": fates.get("quarantined", 0),
            "files": dict(files[table]),
        }
    summaries = connection.execute(
        f"""
        select table_name, kind, planted_rows, outcome, reason, expected, row_keys[:{EXAMPLES_PER_PLANT}]
        from summaries
        order by table_name, kind
        """
    ).fetchall()
    fields = ("table", "kind", "count", "outcome", "reason", "expected", "keys")
    return {
        "rows": sum(table["rows"] for table in tables.values()),
        "tables": tables,
        "planted": [dict(zip(fields, summary, strict=True)) for summary in summaries],
    }
