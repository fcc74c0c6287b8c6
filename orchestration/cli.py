"""The command line: `python -m orchestration`."""

import atexit
import io
import os
import sys
import traceback
from pathlib import Path

import click
from rich.console import Console

from orchestration.errors import BoussoleError
from orchestration.pipeline import run as run_pipeline
from orchestration.progress import BuildProgress
from orchestration.settings import PROJECT_DIR, resolve
from orchestration.status import print_status
from orchestration.summary import print_summary
from orchestration.variables import merge

FOLDER = click.Path(path_type=Path)

raw_option = click.option(
    "--raw", type=FOLDER, envvar="BOUSSOLE_RAW_DIR", metavar="DIR", help="Folder of raw tables. Default: sample_data."
)
database_option = click.option(
    "--database",
    type=FOLDER,
    envvar="BOUSSOLE_DATABASE",
    metavar="FILE",
    help="Private DuckDB file to build. Default: warehouse/boussole.duckdb.",
)
publish_option = click.option(
    "--publish-dir",
    type=FOLDER,
    envvar="BOUSSOLE_PUBLISH_DIR",
    metavar="DIR",
    help="Where readers find the result. Default: published.",
)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
def cli() -> None:
    """Boussole builds, checks and publishes a warehouse of sales KPIs.

    Exit codes: 0 all is well, 1 a check failed, 2 it could not run.
    """


@cli.command()
@raw_option
@click.option("--as-of", metavar="DATE", help="Compute everything as of this day (YYYY-MM-DD).")
@click.option("--vars", "variables", metavar="YAML", help="Other variables of dbt_project.yml, as a YAML mapping.")
@database_option
@publish_option
@click.option("--full-refresh", is_flag=True, help="Rebuild incremental models from nothing.")
@click.option("--target", metavar="NAME", help="Target of profiles.yml. Default: dev.")
@click.option("--select", multiple=True, metavar="NODES", help="Build only these dbt nodes; publishes nothing.")
@click.option("--no-tests", is_flag=True, help="Build without the tests; publishes nothing.")
def run(
    raw: Path | None,
    as_of: str | None,
    variables: str | None,
    database: Path | None,
    publish_dir: Path | None,
    full_refresh: bool,
    target: str | None,
    select: tuple[str, ...],
    no_tests: bool,
) -> int:
    """Build the warehouse from raw tables, check it, and publish it if everything passed."""
    console = Console(highlight=False)
    settings = resolve(
        raw_dir=raw,
        database=database,
        publish_dir=publish_dir,
        variables=merge(PROJECT_DIR, as_of, variables),
        full_refresh=full_refresh,
        target=target,
        select=tuple(name for names in select for name in names.split()),
        tests=not no_tests,
    )
    with BuildProgress(console) as progress:
        report = run_pipeline(settings, progress, ["python", "-m", "orchestration", *sys.argv[1:]])
    print_summary(console, report)
    return report.exit_code


@cli.command()
@database_option
@publish_option
def status(database: Path | None, publish_dir: Path | None) -> int:
    """Say what was run last, what is published, and who holds the warehouse."""
    settings = resolve(database=database, publish_dir=publish_dir)
    print_status(Console(highlight=False), settings.database, settings.publish_dir)
    return 0


@cli.command()
@click.option("--scale", type=click.IntRange(min=1), default=1, show_default=True, help="Size of the company.")
@click.option("--seed", type=int, default=42, show_default=True, help="Same seed, same data.")
@click.option("--out", type=FOLDER, required=True, metavar="DIR", help="Folder to write the raw tables into.")
@click.option(
    "--format",
    "file_format",
    type=click.Choice(["csv", "parquet"]),
    help="Format of the files; default: csv for scale 1, else parquet.",
)
def sample(scale: int, seed: int, out: Path, file_format: str | None) -> int:
    """Write the raw tables of an invented company."""
    from orchestration.sample import generate

    generate(scale=scale, seed=seed, out=out, file_format=file_format)
    click.echo(f"Wrote the raw tables into {out}. Build them: python -m orchestration run --raw {out}")
    return 0


@cli.command()
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 if a file would change.")
def contract(check: bool) -> int:
    """Write the files that are generated from the raw contract."""
    from orchestration.contract import regenerate

    differing = regenerate(PROJECT_DIR, check=check)
    for path in differing:
        click.echo(f"{'differs' if check else 'written'}: {path}")
    if check and differing:
        click.echo("Run `make contract` and commit the result.", err=True)
        return 1
    if not differing:
        click.echo("The generated files are up to date.")
    return 0


def main() -> None:
    """Runs the command line and ends the process with its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal without é must not end a run
    try:
        code = cli.main(prog_name="python -m orchestration", standalone_mode=False)
    except BoussoleError as error:
        click.echo(f"Boussole: {error}", err=True)
        code = error.exit_code
    except click.ClickException as error:
        error.show()
        code = 2
    except (click.Abort, KeyboardInterrupt):
        click.echo("Boussole: interrupted; nothing was published.", err=True)
        code = 2
    except Exception:  # a defect of ours must not look like a failed check, exit code 1
        traceback.print_exc()
        click.echo("Boussole: this should not have happened; nothing was published. Please report it.", err=True)
        code = 2
    if "pyspark" in sys.modules:
        # Spark's threads hold DuckDB's types to the end, which DuckDB would report below the result as a leak.
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    sys.exit(code)
