"""Reads raw folders as a run does before it builds anything, many in one process."""

import os
from pathlib import Path
from typing import Any

from orchestration.dbt_run import close_database, environment
from orchestration.messages import clean, unreadable_file
from tests.conftest import REPOSITORY


class Registrar:
    """dbt with the project parsed once; each call reads the raw folder into a new database."""

    def __init__(self, place: Path) -> None:
        from dbt.cli.main import dbtRunner

        self.raw = place / "raw"
        self._database = place / "boussole.duckdb"
        self._variables = {k: v for k, v in os.environ.items() if not k.startswith(("BOUSSOLE_", "DBT_"))} | {
            "BOUSSOLE_RAW_DIR": str(self.raw),
            "BOUSSOLE_DATABASE": str(self._database),
            "DBT_TARGET_PATH": str(place / "target"),
            "DBT_LOG_PATH": str(place / "logs"),
            "DBT_PROJECT_DIR": str(REPOSITORY),
            "DBT_PROFILES_DIR": str(REPOSITORY),
        }
        self._runner: Any = dbtRunner
        with environment(self._variables):
            parsed = dbtRunner().invoke(["--quiet", "parse"])
        assert parsed.success, parsed.exception
        self._manifest = parsed.result

    def read(self) -> str | None:
        """Reads the folder; returns the message that stops a run, or None."""
        self._database.unlink(missing_ok=True)
        said: list[str] = []

        def listen(event: Any) -> None:
            if event.info.level == "error":
                said.append(event.info.msg)

        with environment(self._variables):
            try:
                ran = self._runner(manifest=self._manifest, callbacks=[listen]).invoke(
                    ["--quiet", "run-operation", "load_raw_tables"]
                )
            finally:
                close_database()
        if ran.success:
            return None
        text = "\n".join(said) or str(ran.exception)
        return unreadable_file(text, self.raw) or clean(text)
