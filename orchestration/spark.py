"""What a run on Spark needs around dbt: where its tables are, and the copy of its results that is published.

Spark's tables stay in its own folder. After a build, what people read is written as Parquet, and from there into
the DuckDB file that a run on DuckDB would have made: whoever reads it cannot tell which engine it was.
"""

import contextlib
import json
import os
import shutil
from collections.abc import Iterable, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import duckdb

from orchestration.errors import BoussoleError
from orchestration.settings import Settings

# Beside the published schemas: what the summary of a run shows.
SHOWN_RELATIONS = {
    ("quality", "row_accounting"),
    ("quality", "quarantined_rows"),
    ("quality", "excluded_events"),
    ("staging", "stg_run__clock"),
}
ICEBERG_JARS = "iceberg-spark-runtime-3.5_2.12-*.jar"
LOG_CONFIGURATION = Path(__file__).with_name("spark_log4j2.properties")

Relation = tuple[str, str]


def environment(settings: Settings) -> dict[str, str]:
    """Returns the variables that the Spark target of profiles.yml reads, and makes their folders.

    Raises:
        BoussoleError: Java or a package is missing.
    """
    if shutil.which("java") is None and not os.environ.get("JAVA_HOME"):
        raise BoussoleError(
            "Spark needs Java 17 and there is none: install it (Debian, Ubuntu: apt install openjdk-17-jre-headless) "
            "or set JAVA_HOME."
        )
    jars = find_spec("snowpark_connect_deps_iceberg")
    if find_spec("pyspark") is None or jars is None or not jars.submodule_search_locations:
        raise BoussoleError("The packages for Spark are not installed here; `make build-spark` installs them.")
    jar = next(iter(sorted(Path(jars.submodule_search_locations[0]).glob(f"jars/{ICEBERG_JARS}"))), None)
    if jar is None:
        raise BoussoleError("The package snowpark-connect-deps-iceberg has no Iceberg for Spark 3.5: install 1.0.2.")
    for name in ("tables", "metastore"):
        (spark_dir(settings) / name).mkdir(parents=True, exist_ok=True)
    return {
        "BOUSSOLE_SPARK_DIR": str(spark_dir(settings)),
        "BOUSSOLE_ICEBERG_JAR": str(jar),
        "BOUSSOLE_SPARK_LOG": LOG_CONFIGURATION.as_uri(),
    }


def spark_dir(settings: Settings) -> Path:
    """Returns the folder of Spark's tables and of its catalog: BOUSSOLE_SPARK_DIR, else beside the database file.

    With `keep_history` it holds snapshots, so that it stands where `make clean` removes nothing.
    """
    if given := os.environ.get("BOUSSOLE_SPARK_DIR"):
        return Path(given).resolve()
    beside = settings.history if settings.variables.get("keep_history") else settings.database
    return beside.with_name(settings.database.name + ".lake")


def copy_results(settings: Settings, relations: Iterable[Relation]) -> None:
    """Writes relations as Parquet and as tables of `settings.database`, which is replaced.

    Must be called in the process that ran dbt on Spark, whose session it uses.

    Args:
        settings: The run, of the Spark target.
        relations: (schema, name) of what the build made.

    Raises:
        BoussoleError: They cannot be written.
    """
    from pyspark.sql import SparkSession

    session = SparkSession.getActiveSession() or SparkSession.builder.getOrCreate()
    folder = spark_dir(settings) / "parquet"
    comments = _comments(settings.target_path / "manifest.json")
    temporary = settings.database.with_name(f".tmp-{settings.database.name}")
    try:
        shutil.rmtree(folder, ignore_errors=True)
        temporary.unlink(missing_ok=True)
        # The file is attached under its final name, which becomes the name of its catalog.
        catalog = settings.database.stem
        with contextlib.closing(duckdb.connect(":memory:")) as connection:
            connection.execute("set TimeZone = 'UTC'")
            connection.execute(f"attach '{_escaped(str(temporary))}' as \"{catalog}\"")
            connection.execute(f'use "{catalog}"')
            for schema, name in sorted(relations):
                files = folder / schema / name
                session.table(f"{schema}.{name}").write.parquet(str(files))
                connection.execute(f'create schema if not exists "{schema}"')
                _load(connection, files, schema, name)
                _comment(connection, schema, name, comments.get((schema, name)))
            connection.execute("use memory")
            connection.execute(f'detach "{catalog}"')
        temporary.replace(settings.database)
    except (OSError, duckdb.Error) as error:
        raise BoussoleError(f"The results of Spark cannot be copied into {settings.database}: {error}") from error


def _load(connection: duckdb.DuckDBPyConnection, files: Path, schema: str, name: str) -> None:
    """Creates a table of Parquet files, with the types that a build on DuckDB gives."""
    reader = f"read_parquet('{_escaped(str(files))}/*.parquet')"
    columns = ", ".join(
        f'cast("{column}" as timestamp) as "{column}"' if kind == "TIMESTAMP WITH TIME ZONE" else f'"{column}"'
        for column, kind, *_ in connection.execute(f"describe select * from {reader}").fetchall()
    )
    connection.execute(f'create table "{schema}"."{name}" as select {columns} from {reader}')


def _comments(manifest: Path) -> dict[Relation, tuple[str, dict[str, str]]]:
    """Returns, per relation, its description and those of its columns."""
    nodes: Mapping[str, Any] = json.loads(manifest.read_text(encoding="utf-8"))["nodes"]
    return {
        (node["schema"], node["alias"]): (
            node["description"],
            {name: column["description"] for name, column in node["columns"].items()},
        )
        for node in nodes.values()
        if node["resource_type"] == "model"
    }


def _comment(
    connection: duckdb.DuckDBPyConnection, schema: str, name: str, comment: tuple[str, dict[str, str]] | None
) -> None:
    if comment is None:
        return
    description, columns = comment
    if description:
        connection.execute(f'comment on table "{schema}"."{name}" is \'{_escaped(description)}\'')
    for column, text in columns.items():
        if text:
            connection.execute(f'comment on column "{schema}"."{name}"."{column}" is \'{_escaped(text)}\'')


def _escaped(text: str) -> str:
    return text.replace("'", "''")
