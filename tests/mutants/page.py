"""docs/MUTANTS.md: how many mutants are noticed, by what, and those that are not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from .judge import DATA_TEST, DOES_NOT_RUN, KILLED, MART, PYTHON_TEST, SAME_SQL, SURVIVED, UNIT_TEST
from .mutations import Mutation, layer_of

DOCUMENT = "docs/MUTANTS.md"
REASONS = Path(__file__).with_name("survivors.yml")
SAME = "says the same"  # it survived, and survivors.yml has the reason
COLUMNS = {
    MART: "by a mart",
    DATA_TEST: "by a data test",
    UNIT_TEST: "by a unit test",
    PYTHON_TEST: "by a Python test",
    SURVIVED: "not noticed",
    SAME: "the same in other words",
    SAME_SQL: "the same SQL",
    DOES_NOT_RUN: "do not run",
}
HEAD = """# Mutants

<!-- Written by `make mutants`; do not edit. -->

Small mistakes in models and macros, made by rule, and what noticed them; [CORRECTNESS.md](CORRECTNESS.md#mutants)
says how.
"""


@dataclass(frozen=True)
class Judged:
    """A mutant and how it ended; `reason` says why nothing can notice it."""

    mutation: Mutation
    ended: str
    reason: str = ""


def reasons() -> dict[tuple[str, str, str], str]:
    """File, old and new line of each known survivor -> why nothing can notice it."""
    known = yaml.safe_load(REASONS.read_text("utf-8"))
    return {(one["file"], one["old"], one["new"]): one["reason"] for one in known}


def judged(mutations: Sequence[Mutation], verdicts: Mapping[str, str]) -> list[Judged]:
    """Those that have a verdict (by id), the known survivors apart."""
    known = reasons()
    found = []
    for one in mutations:
        verdict = verdicts.get(one.id)
        reason = known.get((one.file, one.old.strip(), one.new.strip()), "")
        if verdict == SURVIVED and reason:
            found.append(Judged(one, SAME, reason))
        elif verdict is not None:
            found.append(Judged(one, verdict))
    return found


def share_killed(some: Sequence[Judged]) -> str:
    """Of those that run and can be noticed."""
    killed = sum(one.ended in KILLED for one in some)
    counted = killed + sum(one.ended == SURVIVED for one in some)
    return f"{killed} of {counted}" + (f" ({killed / counted:.1%})" if counted else "")


def render(mutants: Sequence[Judged]) -> str:
    """The page."""
    layers = dict.fromkeys(layer_of(one.mutation) for one in mutants)
    lines = [HEAD, f"Killed: {share_killed(mutants)} of those that can be noticed.\n"]
    lines += [f"| layer | mutants | killed | {' | '.join(COLUMNS.values())} |", "|---" * (3 + len(COLUMNS)) + "|"]
    lines += [_row(f"`{layer}`", [one for one in mutants if layer_of(one.mutation) == layer]) for layer in layers]
    lines += [_row("all", mutants)]
    for ended, title in ((SURVIVED, "Not noticed"), (SAME, "The same in other words")):
        lines += [f"\n## {title}\n"]
        lines += [_difference(one) for one in mutants if one.ended == ended] or ["None."]
    return "\n".join(lines) + "\n"


def _row(name: str, some: Sequence[Judged]) -> str:
    counts = Counter(one.ended for one in some)
    return f"| {name} | {len(some)} | {share_killed(some)} | {' | '.join(str(counts[key]) for key in COLUMNS)} |"


def _difference(one: Judged) -> str:
    mutation = one.mutation
    why = f"\n{one.reason[:1].upper()}{one.reason[1:]}.\n" if one.reason else ""
    changed = f"```diff\n- {mutation.old.strip()}\n+ {mutation.new.strip()}\n```"
    return f"`{mutation.file}`, {mutation.operator}:\n\n{changed}\n{why}"
