"""Readers that query without pause while builds are published: no error, and no answer that mixes two builds.

`python -m tests.soak.readers FILE STOP HELD` is one reader: it asks until the file STOP exists, opening a connection
anew after HELD queries, and prints what it saw as JSON.
"""

import json
import sys
from dataclasses import asdict, dataclass, field
from pathlib import Path

import duckdb

from tests.soak import checks, processes, publisher

# Every relation says which build it is of; one query must see one.
QUERY = """
select min(build), max(build) from (
    select build from core.fct_sales
    union all select build from core.dim_reps
    union all select build from kpis.totals
)
"""


@dataclass
class Seen:
    """What a reader saw."""

    queries: int = 0
    connections: int = 0
    builds: list[int] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def read_until(file: Path, stop: Path, held: int) -> Seen:
    """Queries the published file until `stop` exists."""
    seen = Seen()
    while not stop.exists() and len(seen.problems) < 20:
        try:
            with duckdb.connect(str(file), read_only=True) as connection:
                seen.connections += 1
                first = connection.execute(QUERY).fetchall()[0][0]
                for _ in range(held):
                    ((lowest, highest),) = connection.execute(QUERY).fetchall()
                    seen.queries += 1
                    if not lowest == highest == first:
                        seen.problems.append(f"a mix of builds {first}, {lowest} and {highest}")
                    if stop.exists():
                        break
                if seen.builds and first < seen.builds[-1]:
                    seen.problems.append(f"build {first} after {seen.builds[-1]}")
                seen.builds = [*seen.builds[-1:], first]
        except duckdb.Error as error:
            seen.problems.append(str(error))
    return seen


def readers_through_publications(folder: Path, publications: int, readers: int) -> tuple[list[str], int]:
    """Lets readers query through publications; returns what was found wrong, and the number of queries.

    Args:
        folder: Where builds are made and published.
        publications: How many builds are published meanwhile.
        readers: How many processes read; the first holds one connection all the time.
    """
    stop = folder / "stop"
    stop.unlink(missing_ok=True)
    first = processes.start("-m", "tests.soak.publisher", str(folder), "1")
    first.communicate()
    file = publisher.publish_dir(folder) / "current" / "boussole.duckdb"
    held = [10**9, *(1 + 7 * number % 40 for number in range(1, readers))]
    running = [processes.start("-m", "tests.soak.readers", str(file), str(stop), str(queries)) for queries in held]
    publishing = processes.start("-m", "tests.soak.publisher", str(folder), str(publications))
    publishing.communicate()
    stop.touch()
    seen = [Seen(**json.loads(reader.communicate()[0])) for reader in running]
    problems = [problem for one in seen for problem in one.problems]
    problems += checks.damage(publisher.publish_dir(folder)) + checks.orphans(publisher.publish_dir(folder))
    problems += ["a reader saw nothing" for one in seen if not one.queries]
    if first.returncode or publishing.returncode:
        problems.append("a publication failed")
    if seen[0].connections != 1:
        problems.append(f"the first reader opened {seen[0].connections} connections")
    return problems, sum(one.queries for one in seen)


if __name__ == "__main__":
    print(json.dumps(asdict(read_until(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])))))
