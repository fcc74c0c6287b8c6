"""Reading the raw folder and judging every row of it."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from . import contract
from .clock import Clock
from .contract import Column, Row
from .parsing import UnreadableError, blank_to_none, parse, unreadable_reason
from .settings import UNASSIGNED

SUFFIXES = (".csv", ".csv.gz", ".parquet", ".jsonl")
EPOCH = date(1970, 1, 1)
NEVER = datetime.min.replace(tzinfo=UTC)

Key = tuple[Any, ...]


class RawError(Exception):
    """The run stops before anything is calculated, naming file and line."""


@dataclass
class Version:
    """One raw record: the texts that were read, and what the choice of versions needs."""

    table: str
    file: str
    record: int
    texts: dict[str, str | None]
    key: Key | None = None
    problem: tuple[str, str] | None = None  # (reason, column) that keeps the key from being read
    updated_at: datetime | None = None
    is_deleted: bool = False
    judged: tuple[Row | None, str, str] | None = None  # typed row, else reason and column; kept between two runs

    @property
    def age(self) -> tuple[bool, datetime, bytes, int]:
        """“updated_at (NULLs last in age, i.e. oldest), then file path in byte order, then record number”."""
        return (self.updated_at is not None, self.updated_at or NEVER, self.file.encode(), self.record)


@dataclass
class Accounting:
    rows_read: int = 0
    rows_staged: int = 0
    older_versions: int = 0
    later_versions: int = 0
    deleted: int = 0
    quarantined: int = 0


@dataclass(frozen=True)
class Quarantined:
    table_name: str
    reason: str
    column_name: str
    source_file: str
    record_number: int


@dataclass(frozen=True)
class Chosen:
    """What is known of a key on a day: its versions by then, oldest first, of which the last one speaks for it."""

    held: list[Version]
    row: Row | None  # typed, nothing undone; None: the key is deleted, or its row breaks the contract

    @property
    def version(self) -> Version:
        return self.held[-1]


@dataclass
class Table:
    """One raw table as of a day."""

    name: str
    is_supplied: bool
    rows: list[Row] = field(default_factory=list)
    accounting: Accounting = field(default_factory=Accounting)
    quarantine: list[Quarantined] = field(default_factory=list)
    # versions, oldest first, of the keys that are staged and of no key that is deleted or quarantined
    histories: dict[Key, list[Version]] = field(default_factory=dict)


# ---- files -----------------------------------------------------------------------------------------------------------


def _suffix(path: Path) -> str | None:
    return next((suffix for suffix in (".csv.gz", ".csv", ".parquet", ".jsonl") if path.name.endswith(suffix)), None)


def find_files(folder: Path, table: str) -> list[Path]:
    """A table is a file or a folder of part files; two of these for one table stop the run (R10)."""
    candidates = [folder / f"{table}{suffix}" for suffix in SUFFIXES if (folder / f"{table}{suffix}").is_file()]
    parts_folder = folder / table
    parts = sorted(path for path in parts_folder.iterdir() if _suffix(path)) if parts_folder.is_dir() else []
    if len(candidates) > 1 or (candidates and parts):
        raise RawError(f"{table}: more than one source: {[str(p) for p in candidates + parts]}")
    if len({str(_suffix(path)).removesuffix(".gz") for path in parts}) > 1:
        raise RawError(f"{table}: two formats in {parts_folder}")
    return candidates or parts


def _text(path: Path) -> str:
    data = gzip.decompress(path.read_bytes()) if path.name.endswith(".gz") else path.read_bytes()
    if not data:
        raise RawError(f"{path}: 0 bytes")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RawError(f"{path}: not UTF-8: {error}") from error


def _header(path: Path, names: Iterable[str], columns: tuple[Column, ...]) -> dict[str, str]:
    """Column of the file -> column of the contract; unknown columns are ignored, two of one name stop the run."""
    given: dict[str, str] = {}
    for name in names:
        folded = name.strip().lower()
        if folded in given:
            raise RawError(f"{path}: column {name!r} twice")
        given[folded] = name
    for column in columns:
        if (column.mandatory or (column.key and not column.nullable)) and column.name not in given:
            raise RawError(f"{path}: mandatory column {column.name!r} is absent")
    return {given[column.name]: column.name for column in columns if column.name in given}


def _read_csv(path: Path, columns: tuple[Column, ...]) -> Iterator[dict[str, str | None]]:
    reader = csv.reader(io.StringIO(_text(path), newline=""), strict=True)
    try:
        header = next(reader)
    except StopIteration:
        raise RawError(f"{path}: no header") from None
    wanted = _header(path, header, columns)
    places = [(header.index(given), name) for given, name in wanted.items()]
    for values in reader:
        if not values:
            continue
        if len(values) != len(header):
            raise RawError(f"{path}: line {reader.line_num} has {len(values)} values, the header {len(header)}")
        yield {name: blank_to_none(values[place]) for place, name in places}


def _lexical(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return blank_to_none(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value)


def _read_jsonl(path: Path, columns: tuple[Column, ...]) -> Iterator[dict[str, str | None]]:
    records = []
    for number, line in enumerate(_text(path).split("\n"), 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line, parse_float=str, parse_int=str)
        except json.JSONDecodeError as error:
            raise RawError(f"{path}: line {number}: {error}") from error
        if not isinstance(record, dict):
            raise RawError(f"{path}: line {number} is not an object")
        records.append(record)
    names = {name for record in records for name in record}
    wanted = _header(path, names, columns) if records else {}
    for record in records:
        yield {name: _lexical(record.get(given)) for given, name in wanted.items()}


def _read_parquet(path: Path, columns: tuple[Column, ...]) -> Iterator[dict[str, str | None]]:
    import duckdb  # only to open the file: every value is read back as text

    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        relation = connection.execute("select columns(*)::varchar from read_parquet(?)", [str(path)])
        header = [str(column[0]) for column in relation.description or []]
        wanted = _header(path, header, columns)
        places = [(header.index(given), name) for given, name in wanted.items()]
        for values in relation.fetchall():
            yield {name: blank_to_none(values[place]) for place, name in places}


_READERS = {".csv": _read_csv, ".csv.gz": _read_csv, ".jsonl": _read_jsonl, ".parquet": _read_parquet}


# ---- judging ---------------------------------------------------------------------------------------------------------


class RawFolder:
    """All records of a raw folder; `table(name, as_of)` judges one table as of a day."""

    def __init__(self, folder: Path, clock: Clock, reporting_currency: str) -> None:
        self._clock = clock
        self._currency = reporting_currency
        self._versions: dict[str, list[Version]] = {}
        for table in contract.TABLES:
            files = find_files(folder, table)
            if files:
                self._versions[table] = [v for path in files for v in self._read(folder, path, table)]

    def is_supplied(self, table: str) -> bool:
        """A file with only a header is supplied."""
        return table in self._versions

    def latest_update(self) -> datetime | None:
        """T1: the latest `updated_at` of any supplied row with a readable key."""
        updates = [
            v.updated_at for versions in self._versions.values() for v in versions if v.key is not None and v.updated_at
        ]
        return max(updates, default=None)

    def _read(self, folder: Path, path: Path, table: str) -> Iterator[Version]:
        columns = contract.TABLES[table]
        name = path.relative_to(folder).as_posix()
        keys = [column for column in columns if column.key]
        for record, texts in enumerate(_READERS[str(_suffix(path))](path, columns), 1):
            version = Version(table, name, record, texts)
            self._read_key(version, keys)
            version.updated_at = self._quiet(texts.get("updated_at"), "timestamp")
            version.is_deleted = bool(self._quiet(texts.get("is_deleted"), "boolean"))
            yield version

    def _quiet(self, text: str | None, kind: str) -> Any:
        """A value where readable; an unreadable one is found again when the row is judged."""
        try:
            return parse(text, kind, self._clock.zone)
        except UnreadableError:
            return None

    def _read_key(self, version: Version, keys: list[Column]) -> None:
        """“(1) a NULL key: quarantine”; R5: an unreadable key takes no part in the choice of versions."""
        for column in keys:
            if version.texts.get(column.name) is None and not column.nullable:
                version.problem = ("null_key", column.name)
                return
        values: list[Any] = []
        for column in keys:
            try:
                values.append(parse(version.texts.get(column.name), column.type, self._clock.zone))
            except UnreadableError:
                version.problem = (unreadable_reason(column.type), column.name)
                return
        version.key = tuple(values)

    def table(self, name: str, as_of: date | None) -> Table:
        """Order of judgement of the contract; without an as-of day the newest version of every key is chosen."""
        table = Table(name, self.is_supplied(name))
        accounting = table.accounting
        by_key: defaultdict[Key, list[Version]] = defaultdict(list)
        for version in self._versions.get(name, []):
            accounting.rows_read += 1
            if version.key is None:
                assert version.problem is not None
                self._quarantine(table, version, *version.problem)
            else:
                by_key[version.key].append(version)
        for key, versions in by_key.items():
            versions.sort(key=lambda v: v.age)
            chosen, held = self._choose(versions, as_of)
            accounting.older_versions += len(held) - 1
            accounting.later_versions += len(versions) - len(held)
            row, reason, column = self._judge(chosen)
            if chosen.is_deleted:
                problem = self._key_problem(chosen)
                if problem is None:
                    accounting.deleted += 1
                else:
                    self._quarantine(table, chosen, *problem)
            elif row is None:
                self._quarantine(table, chosen, reason, column)
            else:
                accounting.rows_staged += 1
                table.rows.append(self._undone(row, name, as_of))
                table.histories[key] = held
        return table

    def chosen(self, name: str, as_of: date) -> Iterator[Chosen]:
        """What is known of each key on a day; a record without a readable key stands alone."""
        by_key: defaultdict[Key, list[Version]] = defaultdict(list)
        for version in self._versions.get(name, []):
            if version.key is None:
                yield Chosen([version], None)
            else:
                by_key[version.key].append(version)
        for versions in by_key.values():
            version, held = self._choose(sorted(versions, key=lambda v: v.age), as_of)
            yield Chosen(held, None if version.is_deleted else self._judge(version)[0])

    def _choose(self, versions: list[Version], as_of: date | None) -> tuple[Version, list[Version]]:
        """G8: “of a key's versions the newest with updated_at on or before D wins (all later: the earliest)”."""
        held = [
            v
            for v in versions
            if as_of is None or v.updated_at is None or self._clock.business_date(v.updated_at) <= as_of
        ]
        return (held[-1], held) if held else (versions[0], versions[:1])

    @staticmethod
    def _quarantine(table: Table, version: Version, reason: str, column: str) -> None:
        table.accounting.quarantined += 1
        table.quarantine.append(Quarantined(table.name, reason, column, version.file, version.record))

    def _judge(self, version: Version) -> tuple[Row | None, str, str]:
        if version.judged is None:
            version.judged = self._judge_once(version)
        return version.judged

    def _judge_once(self, version: Version) -> tuple[Row | None, str, str]:
        """R4: not_a_<type>, missing_value, reserved_id, before_1970, out_of_domain, columns in the contract's order."""
        columns = contract.TABLES[version.table]
        row: Row = {}
        for column in columns:
            try:
                row[column.name] = parse(version.texts.get(column.name), column.type, self._clock.zone)
            except UnreadableError:
                return None, unreadable_reason(column.type), column.name
        contract.apply_defaults(version.table, row, self._currency)
        problem = self._row_problem(version.table, columns, row)
        return (None, *problem) if problem else (row, "", "")

    def _key_problem(self, version: Version) -> tuple[str, str] | None:
        """R11: “a tombstone need be valid in its key only”."""
        columns = tuple(column for column in contract.TABLES[version.table] if column.key)
        assert version.key is not None
        return self._row_problem(
            version.table, columns, dict(zip((column.name for column in columns), version.key, strict=True))
        )

    def _row_problem(self, table: str, columns: tuple[Column, ...], row: Row) -> tuple[str, str] | None:
        for column in columns:
            if contract.missing(table, column, row):
                return "missing_value", column.name
        for column in columns:
            if column.name.endswith("_id") and row[column.name] == UNASSIGNED:
                return "reserved_id", column.name
        for column in columns:
            if self._before_1970(row[column.name]):
                return "before_1970", column.name
        for column in columns:
            if not contract.in_domain(table, column, row):
                return "out_of_domain", column.name
        return None

    def _before_1970(self, value: Any) -> bool:
        if isinstance(value, datetime):
            return self._clock.business_date(value) < EPOCH
        return isinstance(value, date) and value < EPOCH

    def _undone(self, row: Row, table: str, as_of: date | None) -> Row:
        """T6: endings later than the as-of date are not known yet."""
        if as_of is None:
            return row
        row = dict(row)
        for name in contract.UNDONE_AFTER_AS_OF.get(table, ()):
            value = row[name]
            day = self._clock.business_date(value) if isinstance(value, datetime) else value
            if day is not None and day > as_of:
                row[name] = None
        return row
