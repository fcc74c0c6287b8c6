"""One query on a published file, locked down: it reads what is in the file, and nothing else.

That a connection is read-only is no boundary: it could still read other files, write files by COPY, or see variables
of this process. What is closed here is closed for this client; the true boundary is what is in the file.
"""

import contextlib
import os
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from orchestration.errors import BoussoleError

MEMORY_LIMIT = "2GB"
THREADS = max(1, (os.cpu_count() or 2) // 2)
TEMP_LIMIT = "4GB"
TIMEOUT_SECONDS = 60.0
# MULTI is what `pivot` is to the parser. Others change something, if only for this connection.
ALLOWED_STATEMENTS = {"SELECT", "EXPLAIN", "MULTI"}
_BATCH = 1000


def lockdown(temp_directory: str) -> dict[str, Any]:
    """Returns the settings of a connection whose queries reach nothing but its file, and cannot change that."""
    return {
        "enable_external_access": "false",
        "python_enable_replacements": "false",
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "allow_community_extensions": "false",
        "memory_limit": MEMORY_LIMIT,
        "threads": str(THREADS),
        "temp_directory": temp_directory,
        "max_temp_directory_size": TEMP_LIMIT,
        "lock_configuration": "true",
    }


@contextmanager
def answer(
    database: Path, query: str, timeout_seconds: float = TIMEOUT_SECONDS
) -> Iterator[tuple[list[str], Iterator[tuple[Any, ...]]]]:
    """Runs one query and gives the names of its columns and its rows, which are read as they are needed.

    Args:
        database: The published file.
        query: One statement that reads.
        timeout_seconds: When the query is ended, from its start to its last row.

    Raises:
        BoussoleError: There is no file, the query is not one that reads, it is wrong, or it took too long.
    """
    if not database.exists():
        raise BoussoleError(f"{database} does not exist. Build and publish it: python -m orchestration run")
    ran_out = threading.Event()
    try:
        with tempfile.TemporaryDirectory(prefix="boussole-") as folder:
            connection = duckdb.connect(str(database), read_only=True, config=lockdown(folder))

            def end() -> None:
                ran_out.set()
                connection.interrupt()

            timer = threading.Timer(timeout_seconds, end)
            with contextlib.closing(connection):
                _check(query)
                timer.start()
                try:
                    connection.execute(query)
                    yield [column[0] for column in connection.description or []], _rows(connection)
                finally:
                    timer.cancel()
    except duckdb.Error as error:
        if ran_out.is_set():
            raise BoussoleError(
                f"The query was ended after {timeout_seconds:g} s. Ask for less, or for more time with --timeout."
            ) from error
        raise BoussoleError(f"The query cannot be answered: {error}") from error


def _check(query: str) -> None:
    statements = duckdb.extract_statements(query)
    if len(statements) != 1:
        raise BoussoleError(f"Give one query; there are {len(statements)}.")
    kind = statements[0].type.name
    if kind not in ALLOWED_STATEMENTS:
        raise BoussoleError(f"The published file is there to be read: {kind} is not allowed. Ask with SELECT.")


def _rows(connection: duckdb.DuckDBPyConnection) -> Iterator[tuple[Any, ...]]:
    while batch := connection.fetchmany(_BATCH):
        yield from batch
