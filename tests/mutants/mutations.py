"""Small mistakes in SQL, one at a time: each operator rewrites one line of a model or a macro."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

# What has no effect on DuckDB's marts, or only words messages; and what mainly makes explanations (test_explain.py).
LEFT_OUT = (
    "macros/raw/",
    "macros/engine/raw_tables",
    "macros/engine/generate_schema_name",
    "macros/engine/snapshot",
    "macros/kpis/contribution_rows",
    "macros/kpis/exclusions",
    "macros/kpis/explain",
    "macros/kpis/explanations",
    "macros/kpis/period_contributions",
)
LAYERS = (
    "models/staging/crm/base/",
    "models/staging/crm/",
    "models/staging/run/",
    "models/intermediate/",
    "models/marts/core/",
    "models/marts/periods/",
    "models/marts/kpis/",
    "models/quality/",
    "macros/",
)


@dataclass(frozen=True)
class Mutation:
    """Line `line` of `file`, counted from 1, becomes `new`."""

    file: str
    line: int
    operator: str
    old: str
    new: str

    @property
    def id(self) -> str:
        """The same mistake has the same id, also where lines above it come and go."""
        return hashlib.sha256(f"{self.file}|{self.operator}|{self.old}|{self.new}".encode()).hexdigest()[:12]

    def apply(self, text: str) -> str:
        """The text of the file with the mistake.

        Raises:
            ValueError: The line is not there any more.
        """
        lines = text.split("\n")
        if lines[self.line - 1] != self.old:
            raise ValueError(f"{self.file}:{self.line} is not: {self.old}")
        return "\n".join([*lines[: self.line - 1], self.new, *lines[self.line :]])


# Of each pattern every occurrence is a mutant of its own. Comparisons have blanks around them: `{{ '<' }}` has none.
OPERATORS: Sequence[tuple[str, str, str]] = (
    ("boundary", r" < ", " <= "),
    ("boundary", r" <= ", " < "),
    ("boundary", r" > ", " >= "),
    ("boundary", r" >= ", " > "),
    ("comparison", r" = ", " <> "),
    ("comparison", r" <> ", " = "),
    ("comparison", r" is not null\b", " is null"),
    ("comparison", r" is null\b", " is not null"),
    ("join kind", r"\bleft join\b", "inner join"),
    ("join kind", r"\binner join\b", "left join"),
    ("join kind", r"\bfull join\b", "left join"),
    ("logic", r" and ", " or "),
    ("logic", r" or ", " and "),
    ("logic", r"\bnot (?!null\b)", ""),
    ("filter", r"^(\s*)where .*$", r"\1where true"),
    ("filter", r"^(\s*)and .*$", r"\1and true"),
    ("arithmetic", r" \+ ", " - "),
    ("arithmetic", r" - ", " + "),
    ("arithmetic", r"(?<!select) \* ", " + "),
    ("aggregate", r"\bsum\(", "max("),
    ("aggregate", r"\bmin\(", "max("),
    ("aggregate", r"\bmax\(", "min("),
    ("aggregate", r"\bcount\(distinct ", "count("),
    ("order", r"\basc\b", "desc"),
    ("order", r"\bdesc\b", "asc"),
    ("order", r"\bnulls first\b", "nulls last"),
    ("union", r"\bunion all\b", "union"),
    ("number", r"(?<![\w.'(-])([1-9]\d{0,2})(?![\w.'])", "#"),  # one more
    ("parts of a ratio", r"safe_divide\(('[^']+'), ('[^']+')\)", r"safe_divide(\2, \1)"),
)
EXPRESSION = re.compile(r"^(\s+)(?!from |inner |left |full |cross |join )(\S.*) as (\w+)(,?)$")


def mutations_of_line(line: str) -> Iterator[tuple[str, str]]:
    """Operator and the line that it makes."""
    code = line.split(" -- ")[0]
    for operator, pattern, replacement in OPERATORS:
        for found in re.finditer(pattern, code):
            text = str(int(found[0]) + 1) if replacement == "#" else found.expand(replacement)
            new = line[: found.start()] + text + line[found.end() :]
            if new != line:
                yield operator, new
    for found in re.finditer(r"\bcoalesce\(", code):
        first = _first_argument(code[found.end() :])
        if first is not None:
            argument, rest = first
            yield "coalesce", line[: found.start()] + argument + rest + line[len(code) :]


def _first_argument(text: str) -> tuple[str, str] | None:
    """The first of several arguments, and what follows the closing bracket; None where it is on another line."""
    depth, first = 0, None
    for place, character in enumerate(text):
        if character in "({[":
            depth += 1
        elif character in ")}]":
            if depth == 0:
                return (text[:first], text[place + 1 :]) if first is not None else None
            depth -= 1
        elif character == "," and depth == 0 and first is None:
            first = place
    return None


def mutations_of_file(file: str, text: str) -> Iterator[Mutation]:
    """Every mutation of one file; comments, lines of Jinja statements and macros of Spark stay."""
    lines = text.split("\n")
    in_comment = in_spark = False
    for number, line in enumerate(lines, 1):
        in_spark = (in_spark or line.startswith("{% macro spark__")) and "endmacro %}" not in line
        if in_spark:
            continue
        in_comment = in_comment or "{#" in line
        if in_comment or "{%" in line or line.lstrip().startswith("--"):
            in_comment = in_comment and "#}" not in line
            continue
        for operator, new in mutations_of_line(line):
            yield Mutation(file, number, operator, line, new)
        # a column takes the expression of the one below it
        one, other = EXPRESSION.match(line), EXPRESSION.match(lines[number]) if number < len(lines) else None
        if one and other and one[1] == other[1]:
            yield Mutation(file, number, "swapped columns", line, f"{one[1]}{other[2]} as {one[3]}{one[4]}")


def all_mutations(project: Path) -> list[Mutation]:
    """Every mutation of every model and macro, each mistake once."""
    found: dict[str, Mutation] = {}
    for path in sorted([*project.glob("models/**/*.sql"), *project.glob("macros/**/*.sql")]):
        file = path.relative_to(project).as_posix()
        if not file.startswith(LEFT_OUT) and "spark" not in file:
            for one in mutations_of_file(file, path.read_text("utf-8")):
                found.setdefault(one.id, one)
    return list(found.values())


def layer_of(mutation: Mutation) -> str:
    """The layer of the mutated file."""
    return next(layer for layer in LAYERS if mutation.file.startswith(layer))


def chosen(mutations: Sequence[Mutation], count: int, seed: int) -> list[Mutation]:
    """`count` of them, the layers in turn; the same seed chooses the same, also if others come and go."""
    by_layer: Mapping[str, list[Mutation]] = {layer: [] for layer in LAYERS}
    for one in sorted(mutations, key=lambda one: hashlib.sha256(f"{seed}|{one.id}".encode()).digest()):
        by_layer[layer_of(one)].append(one)
    in_turn = [many[turn] for turn in range(len(mutations)) for many in by_layer.values() if turn < len(many)]
    return in_turn[:count]
