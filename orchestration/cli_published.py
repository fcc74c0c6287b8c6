"""The commands on what is published."""

from pathlib import Path

import click

from orchestration import manifest, options, versions
from orchestration.republish import publish_again
from orchestration.rollback import roll_back
from orchestration.settings import resolve


@click.command()
@options.database
@options.publish_dir
@options.keep
def publish(database: Path | None, publish_dir: Path | None, keep: int) -> int:
    """Publish again what the last run built, if everything passed."""
    settings = resolve(database=database, publish_dir=publish_dir, keep_builds=keep)
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


COMMANDS = (publish, rollback, verify)
