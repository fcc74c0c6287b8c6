"""Says what was run last, what is published, and who is at work."""

from pathlib import Path

from rich.console import Console

from orchestration import last_run, lock
from orchestration.publish import FILE_NAME, current


def print_status(console: Console, database: Path, publish_dir: Path) -> None:
    """Prints the state of a warehouse."""

    def say(text: str) -> None:
        console.print(text, markup=False, highlight=False, soft_wrap=True)

    say(f"Warehouse   {database}" + ("" if database.exists() else " (not built yet: python -m orchestration run)"))
    at_work = lock.holder(lock.lock_path(database))
    say(f"At work     {at_work or 'nobody'}")
    last = last_run.read(database)
    if last is None:
        say("Last run    none")
    else:
        say(f"Last run    {last.run_id} {_ending(last, is_at_work=at_work is not None)}")
        if last.problem:
            say(f"            {last.problem}")
        say(f"            raw tables from {last.raw_dir}; log {last.log}")
    published = current(publish_dir)
    if published is None:
        say(f"Published   nothing in {publish_dir}")
        return
    say(f"Published   {publish_dir / 'current' / FILE_NAME}")
    as_of = f", as of {published.as_of_date}" if published.as_of_date else ""
    say(f"            build {published.build_id}, published at {published.published_at}{as_of}")
    width = max(len(name) for name in published.rows)
    for name, rows in published.rows.items():
        say(f"            {name:<{width}}  {rows:>12,} rows")


def _ending(last: last_run.LastRun, is_at_work: bool) -> str:
    if last.ended_at is not None:
        return f"{last.ended_as} at {last.ended_at}, exit code {last.exit_code}"
    return f"is running since {last.started_at}" if is_at_work else f"began at {last.started_at} and was killed"
