"""Whole runs that are killed at random moments, and two runs at once, on a small raw folder that grows."""

import contextlib
import json
import random
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb

from orchestration import versions
from tests.soak import checks, processes


class Trial:
    """A small raw folder, the database that is built from it, and where it is published; all in one folder."""

    def __init__(self, folder: Path) -> None:
        """Works in `folder`, and goes on with what an earlier trial left there."""
        self.folder = folder
        self.raw = folder / "raw"
        self.publish_dir = folder / "published"
        self.log = folder / "runs.log"
        for table in ("orders", "order_lines"):
            (self.raw / table).mkdir(parents=True, exist_ok=True)

    @property
    def orders(self) -> int:
        """Number of orders in the raw folder, each of 10."""
        return len(list((self.raw / "order_lines").iterdir()))

    def add_order(self) -> None:
        """Adds an order to the raw folder, so that the next build differs from all before."""
        number = self.orders + 1
        order = (
            f"order_id,ordered_at,account_id,rep_id,status\no{number},2024-03-{number % 28 + 1:02d},a1,r1,completed\n"
        )
        (self.raw / "orders" / f"{number:04d}.csv").write_text(order, encoding="utf-8")
        line = f"order_line_id,order_id,quantity,unit_price\nl{number},o{number},1,10\n"
        (self.raw / "order_lines" / f"{number:04d}.csv").write_text(line, encoding="utf-8")

    def command(self) -> list[str]:
        """The command of a run, as a user gives it."""
        return [
            *("-m", "orchestration", "run", "--raw", str(self.raw)),
            *("--database", str(self.folder / "boussole.duckdb"), "--publish-dir", str(self.publish_dir)),
        ]

    def problems(self) -> Iterator[str]:
        """Says what is wrong with what readers see: damage, or a revenue that is of no raw folder there ever was."""
        yield from checks.damage(self.publish_dir)
        file = self.publish_dir / "current" / "boussole.duckdb"
        if file.exists():
            with contextlib.closing(duckdb.connect(str(file), read_only=True)) as connection:
                marts = [
                    connection.execute(f"select sum(net_revenue) from kpis.{mart}").fetchall()[0][0]
                    for mart in ("rep_daily_kpis", "team_monthly_kpis", "company_monthly_kpis")
                ]
            if len(set(marts)) != 1 or marts[0] not in range(10, 10 * self.orders + 1, 10):
                yield f"revenue of the marts: {marts}"

    def finish(self) -> tuple[list[str], float]:
        """Runs to the end without a manual step; returns what was wrong and how long it took."""
        before, began = versions.current_id(self.publish_dir), time.monotonic()
        code = processes.start(*self.command(), log=self.log).wait()
        problems = [] if code == 0 else [f"the next run answered {code}"]
        problems += list(self.problems()) + [f"left over: {name}" for name in checks.orphans(self.publish_dir)]
        if versions.current_id(self.publish_dir) == before:
            problems.append("the next run published nothing new")
        return problems, time.monotonic() - began


def killed_runs(folder: Path, count: int, finish_every: int = 1, seed: int | None = None) -> list[str]:
    """Kills `count` runs at random moments, and returns what was found wrong.

    Args:
        folder: Of the trial.
        count: How many runs are killed.
        finish_every: After how many kills a run is let to its end.
        seed: Of the moments; by default another one each time.
    """
    trial, moments = Trial(folder), random.Random(seed)  # noqa: S311 - moments are no secrets
    trial.add_order()
    problems, seconds = trial.finish()  # how long a run takes decides the moments
    for number in range(1, count + 1):
        trial.add_order()
        after = moments.uniform(0, seconds)
        run = processes.start(*trial.command(), log=trial.log)
        alive = processes.kill_group(run, after)
        found = list(trial.problems())
        if not alive and run.returncode:
            found.append(f"the run after a kill answered {run.returncode}")
        if number % finish_every == 0 or number == count:
            finished, seconds = trial.finish()
            found += finished
        _remember(folder, {"kill": number, "after_seconds": round(after, 2), "alive": alive, "problems": found})
        problems += [f"kill {number} after {after:.2f} s: {one}" for one in found]
    return problems


def two_runs_at_once(folder: Path) -> list[str]:
    """Starts two runs on one database: one ends well, the other says who is at work."""
    trial = Trial(folder)
    trial.add_order()
    logs = [folder / "first.log", folder / "second.log"]
    codes = [run.wait() for run in [processes.start(*trial.command(), log=log) for log in logs]]
    problems = list(trial.problems()) + [f"left over: {name}" for name in checks.orphans(trial.publish_dir)]
    if sorted(codes) != [0, 2]:
        problems.append(f"the runs answered {codes}")
    elif "is in use by process" not in logs[codes.index(2)].read_text(encoding="utf-8"):
        problems.append("the refused run does not say who is at work")
    return problems


def _remember(folder: Path, what: dict[str, object]) -> None:
    line = json.dumps(what)
    print(line, flush=True)
    with (folder / "kills.jsonl").open("a", encoding="utf-8") as stream:
        stream.write(line + "\n")
