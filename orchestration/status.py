"""Says what was run last, what is published, and who is at work."""

from pathlib import Path

from rich.console import Console

from orchestration import last_run, lock, manifest, versions


def print_status(console: Console, database: Path, publish_dir: Path) -> None:
    """Prints the state of a warehouse."""

    def say(label: str, text: str) -> None:
        console.print(f"{label:<12}{text}", markup=False, highlight=False, soft_wrap=True)

    say("Warehouse", f"{database}" + ("" if database.exists() else " (not built yet: python -m orchestration run)"))
    at_work = lock.holder(lock.lock_path(database))
    say("At work", f"{at_work or 'nobody'}")
    last = last_run.read(database)
    if last is None:
        say("Last run", "none")
    else:
        say("Last run", f"{last.run_id} {_ending(last, is_at_work=at_work is not None)}")
        if last.ended_at is not None and last.published is None:
            say("", f"It published nothing: {last.problem or 'the log says why'}")
        if last.green is not None and last.published is None and at_work is None:
            say("", "Everything was built and passed: python -m orchestration publish")
        say("", f"raw tables from {last.raw_dir}; log {last.log}")
    shown = versions.current_id(publish_dir)
    if shown is None:
        say("Published", f"nothing in {publish_dir}")
        return
    say("Published", f"{publish_dir / versions.CURRENT / manifest.DATABASE_NAME}")
    for build_id in reversed(versions.kept(publish_dir)):
        held = manifest.read(publish_dir / "versions" / build_id)
        say("", f"{'→' if build_id == shown else ' '} {build_id} {_published(held)}")
    current = versions.current(publish_dir)
    if current is None:
        say("", "The current build has no manifest that can be read. Look for another: python -m orchestration verify")
        return
    say("Current", str(current.provenance))
    if current.provenance.tests:
        say("", "tests: " + ", ".join(f"{count} {ending}" for ending, count in current.provenance.tests.items()))
    width = max(map(len, current.rows), default=0)
    for name, rows in current.rows.items():
        say("", f"{name:<{width}}  {rows:>12,} rows")


def _published(held: manifest.Manifest | None) -> str:
    if held is None:
        return "has no manifest that can be read"
    as_of = f", as of {held.as_of_date}" if held.as_of_date else ""
    return f"published at {held.published_at}{as_of}"


def _ending(last: last_run.LastRun, is_at_work: bool) -> str:
    if last.ended_at is not None:
        return f"{last.ended_as} at {last.ended_at}, exit code {last.exit_code}"
    return f"is running since {last.started_at}" if is_at_work else f"began at {last.started_at} and was killed"
