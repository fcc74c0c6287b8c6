"""The command line: `python -m orchestration`."""

import atexit
import io
import os
import sys
import traceback
from pathlib import Path

import click
from rich.console import Console

from orchestration import cli_published, options, output
from orchestration.errors import BoussoleError
from orchestration.explain import explain as explain_value
from orchestration.explain_report import as_csv, as_json, print_explanation
from orchestration.pipeline import run as run_pipeline
from orchestration.progress import BuildProgress
from orchestration.question import COMPANY, GRAINS
from orchestration.settings import PROJECT_DIR, resolve
from orchestration.status import print_status
from orchestration.summary import print_summary
from orchestration.variables import merge


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
def cli() -> None:
    """Boussole builds, checks and publishes a warehouse of sales KPIs.

    Exit codes: 0 all is well, 1 a check failed, 2 it could not run.
    """


@cli.command()
@options.raw
@click.option("--as-of", metavar="DATE", help="Compute everything as of this day (YYYY-MM-DD).")
@click.option("--vars", "variables", metavar="YAML", help="Other variables of dbt_project.yml, as a YAML mapping.")
@options.database
@options.publish_dir
@click.option("--full-refresh", is_flag=True, help="Rebuild incremental models from nothing.")
@click.option("--target", metavar="NAME", help="Target of profiles.yml. Default: dev.")
@click.option("--select", multiple=True, metavar="NODES", help="Build only these dbt nodes; publishes nothing.")
@click.option("--no-tests", is_flag=True, help="Build without the tests; publishes nothing.")
@options.keep
@options.accept_changes
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
    keep: int,
    accept_changes: bool,
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
        keep_builds=keep,
        accepts_changes=accept_changes,
    )
    with BuildProgress(console) as progress:
        report = run_pipeline(settings, progress, ["python", "-m", "orchestration", *sys.argv[1:]])
    print_summary(console, report)
    return report.exit_code


@cli.command()
@click.argument("metric")
@click.option("--grain", type=click.Choice(GRAINS), default=COMPANY, show_default=True, help="Whose number it is.")
@click.option("--entity", metavar="ID", help="The team or rep, by its id or its name.")
@click.option("--period", required=True, metavar="PERIOD", help="2025-03, 2025-Q1 or 2025.")
@output.format_option
@options.database
def explain(metric: str, grain: str, entity: str | None, period: str, output_format: str, database: Path | None) -> int:
    """List the rows behind one value of METRIC, which add up to it, and what does not count."""
    explanation = explain_value(resolve(database=database), metric, grain, entity, period)
    if output_format == "table":
        print_explanation(Console(highlight=False), explanation)
    else:
        click.echo(as_csv(explanation) if output_format == "csv" else as_json(explanation), nl=False)
    return 0 if explanation.adds_up else 1


@cli.command()
@options.database
@options.publish_dir
def status(database: Path | None, publish_dir: Path | None) -> int:
    """Say what was run last, which builds are published, and who holds the warehouse."""
    settings = resolve(database=database, publish_dir=publish_dir)
    print_status(Console(highlight=False), settings.database, settings.publish_dir)
    return 0


@cli.command()
@options.database
@click.option("--table", metavar="TABLE", help="Only this raw table.")
@click.option(
    "--examples", type=click.IntRange(min=1), default=1, show_default=True, help="Rows shown of each table and reason."
)
@output.format_option
def quarantine(database: Path | None, table: str | None, examples: int, output_format: str) -> int:
    """Show the raw rows that break the contract: table, reason, count, share, and examples with file and record."""
    from orchestration.quarantine import report

    columns, rows = report(resolve(database=database).database, table, examples)
    output.write(sys.stdout, output_format, columns, rows)
    return 0


@cli.command()
@click.option("--scale", type=click.IntRange(min=1), default=1, show_default=True, help="Size of the company.")
@click.option("--seed", type=int, default=42, show_default=True, help="Same seed, same data.")
@click.option("--out", type=options.FOLDER, required=True, metavar="DIR", help="Folder to write the raw tables into.")
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


for command in cli_published.COMMANDS:
    cli.add_command(command)


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
    except BrokenPipeError:  # who reads the output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    except OSError as error:
        click.echo(f"Boussole: {error}. Check the disk and the permissions.", err=True)
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
