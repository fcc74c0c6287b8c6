"""The commands on what is published."""

import sys
from pathlib import Path

import click

from orchestration import adhoc, diff, manifest, options, output, versions
from orchestration.republish import publish_again
from orchestration.rollback import roll_back
from orchestration.settings import resolve


@click.command()
@options.database
@options.publish_dir
@options.keep
@options.accept_changes
def publish(database: Path | None, publish_dir: Path | None, keep: int, accept_changes: bool) -> int:
    """Publish again what the last run built, if everything passed."""
    settings = resolve(database=database, publish_dir=publish_dir, keep_builds=keep, accepts_changes=accept_changes)
    build_id = publish_again(settings)
    click.echo(f"Published {build_id}: {settings.publish_dir / versions.CURRENT / manifest.DATABASE_NAME}")
    return 0


@click.command()
@click.argument("build", default="previous")
@options.publish_dir
def rollback(build: str, publish_dir: Path | None) -> int:
    """Show readers an earlier build: BUILD, or the one before the current one.

    The next run publishes on as usual. `status` lists the builds that are kept.
    """
    folder = resolve(publish_dir=publish_dir).publish_dir
    build_id = roll_back(folder, build)
    click.echo(f"Readers see {build_id} now: {folder / versions.CURRENT / manifest.DATABASE_NAME}")
    return 0


@click.command()
@click.argument("build", default=versions.CURRENT)
@options.publish_dir
def verify(build: str, publish_dir: Path | None) -> int:
    """Compare a published build with its manifest: every file, every relation, every value.

    BUILD is the current one by default. Exit code 1 if something differs.
    """
    version = versions.find(resolve(publish_dir=publish_dir).publish_dir, build)
    differences = manifest.differences(version)
    for difference in differences:
        click.echo(difference, err=True)
    if differences:
        click.echo(f"The build {version.name} is not what was published. Show another: `rollback`.", err=True)
        return 1
    click.echo(f"The build {version.name} is what was published.")
    return 0


@click.command("diff")
@click.argument("before")
@click.argument("after", default=versions.CURRENT)
@output.format_option
@options.publish_dir
def difference(before: str, after: str, output_format: str, publish_dir: Path | None) -> int:
    """Show which KPI values differ between two published builds, BEFORE and AFTER, and by how much.

    A build is its id, `current` (the default of AFTER) or `previous`. A value is `restated` where its period
    was complete in BEFORE already, else `updated`; `added` and `removed` values are in one build only.
    """
    folder = resolve(publish_dir=publish_dir).publish_dir
    first, second = versions.find(folder, before), versions.find(folder, after)
    with diff.compared(first, second) as connection:
        count = diff.write(sys.stdout, output_format, connection)
    click.echo(f"{count:,} values differ between {first.name} and {second.name}.", err=True)
    return 0


@click.command()
@click.argument("query")
@output.format_option
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True),
    default=adhoc.TIMEOUT_SECONDS,
    show_default=True,
    metavar="SECONDS",
    help="How long the query may take.",
)
@options.publish_dir
def sql(query: str, output_format: str, timeout: float, publish_dir: Path | None) -> int:
    """Run one SQL QUERY on the published file; `-` reads it from the standard input.

    The query reads the published relations and nothing else: no other file, no network, no setting.
    """
    published = versions.database_of(resolve(publish_dir=publish_dir).publish_dir / versions.CURRENT)
    query = sys.stdin.read() if query == "-" else query
    with adhoc.answer(published, query, timeout) as (columns, rows):
        output.write(sys.stdout, output_format, columns, rows)
    return 0


COMMANDS = (publish, rollback, verify, difference, sql)
