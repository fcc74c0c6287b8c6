"""The options that several commands have."""

from pathlib import Path

import click

from orchestration.versions import LEAST_KEPT

FOLDER = click.Path(path_type=Path)

raw = click.option(
    "--raw", type=FOLDER, envvar="BOUSSOLE_RAW_DIR", metavar="DIR", help="Folder of raw tables. Default: sample_data."
)
database = click.option(
    "--database",
    type=FOLDER,
    envvar="BOUSSOLE_DATABASE",
    metavar="FILE",
    help="Private DuckDB file to build. Default: warehouse/boussole.duckdb.",
)
publish_dir = click.option(
    "--publish-dir",
    type=FOLDER,
    envvar="BOUSSOLE_PUBLISH_DIR",
    metavar="DIR",
    help="Where readers find the result. Default: published.",
)
accept_changes = click.option(
    "--accept-changes",
    is_flag=True,
    help="Publish although raw tables or totals of complete months differ much from the published build.",
)
keep = click.option(
    "--keep",
    type=click.IntRange(min=LEAST_KEPT),
    envvar="BOUSSOLE_KEEP_BUILDS",
    default=LEAST_KEPT,
    show_default=True,
    help="Number of published builds that are kept.",
)
