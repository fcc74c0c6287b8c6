"""A process that publishes small builds one after the other: `python -m tests.soak.publisher FOLDER COUNT [ROWS]`.

Every row of a build has the build's number, so that a reader can tell a mix of two builds.
"""

import sys
import time
from pathlib import Path

import duckdb

from orchestration.publish import publish
from orchestration.run_log import new_run_id
from orchestration.versions import kept

RELATIONS = [("core", "fct_sales"), ("core", "dim_reps"), ("kpis", "totals")]


def publish_dir(folder: Path) -> Path:
    """Where the process publishes."""
    return folder / "published"


def build(database: Path, rows: int) -> None:
    """Makes the next build: three relations whose rows all have its number."""
    with duckdb.connect(str(database)) as connection:
        connection.execute("create schema if not exists core; create schema if not exists kpis")
        connection.execute("create sequence if not exists builds")
        ((number,),) = connection.execute("select nextval('builds')").fetchall()
        for relation in ("core.fct_sales", "core.dim_reps"):
            connection.execute(
                f"create or replace table {relation} as "
                f"select {number}::bigint as build, range as id, md5(range::varchar) as name from range({rows})"
            )
        connection.execute(
            "create or replace view kpis.totals as "
            "select max(build)::bigint as build, count(*)::bigint as sales from core.fct_sales"
        )


def main() -> None:
    """Publishes COUNT builds, and says so after each."""
    folder, count = Path(sys.argv[1]), int(sys.argv[2])
    rows = int(sys.argv[3]) if len(sys.argv) > 3 else 20_000
    folder.mkdir(parents=True, exist_ok=True)
    target = publish_dir(folder)
    print("ready", flush=True)
    for _ in range(count):
        build(folder / "small.duckdb", rows)
        print(publish(folder / "small.duckdb", target, new_run_id(after=kept(target)), RELATIONS).build_id, flush=True)
        time.sleep(0.01)


if __name__ == "__main__":
    main()
