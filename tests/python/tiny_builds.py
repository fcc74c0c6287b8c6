"""Databases as small as can be, for tests of what is published from them."""

import contextlib
from pathlib import Path

import duckdb

from orchestration.publish import publish

RELATIONS = [("core", "dim_teams"), ("kpis", "totals")]


def build_id(number: int) -> str:
    return f"20240101T00000{number}Z-00000{number}"


def make_database(path: Path, teams: int = 2) -> Path:
    path.unlink(missing_ok=True)
    with contextlib.closing(duckdb.connect(str(path))) as connection:
        connection.execute(f"""
            create schema core; create schema kpis; create schema staging;
            create table staging.contacts as select 'a@b.example' as email;
            create table core.dim_teams as
                select 'T' || range as team_id, range::decimal(18, 4) as amount from range({teams});
            create view kpis.totals as select count(*)::bigint as teams, sum(amount)::decimal(18, 4) as amount
                from {path.stem}.core.dim_teams;
            comment on table core.dim_teams is 'One row per team''s id.';
            comment on column core.dim_teams.amount is 'Amount in €; it''s net.';
            comment on view kpis.totals is 'One row.';
        """)
    return path


def read(publish_dir: Path, query: str) -> list[tuple[object, ...]]:
    with contextlib.closing(duckdb.connect(str(publish_dir / "current/boussole.duckdb"), read_only=True)) as connection:
        return connection.execute(query).fetchall()


def publish_build(folder: Path, number: int, teams: int = 2) -> str:
    """Publishes a build of so many teams into `folder`/published, and returns its id."""
    database = make_database(folder / "private_db.duckdb", teams)
    return publish(database, folder / "published", build_id(number), RELATIONS, "2024-01-31").build_id
