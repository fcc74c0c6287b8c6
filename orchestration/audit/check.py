"""What a check is, and what came out of it, whatever tool runs it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

STOP, WARN = "critical", "warning"
# Of the rows that break a rule; the log and the Data Docs say no more.
SHOWN_ROWS = 20


@dataclass(frozen=True)
class Check:
    """One expectation of Great Expectations about one relation.

    Attributes:
        relation: (schema, name) of the relation.
        title: What must hold, in words; what is shown when it does not.
        kind: Class of `great_expectations.expectations`.
        arguments: Its arguments.
        severity: STOP or WARN.
        compares: Whether it compares with the published build; such a change may be right.
    """

    relation: tuple[str, str]
    title: str
    kind: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    severity: str = STOP
    compares: bool = False


@dataclass(frozen=True)
class Finding:
    """A check that did not hold: what, how grave, and what was seen instead."""

    relation: str
    title: str
    severity: str
    observed: str
    compares: bool = False

    @property
    def stops(self) -> bool:
        """Whether nothing may be published."""
        return self.severity == STOP

    def __str__(self) -> str:
        """Says it in one line."""
        return f"{self.relation}: {self.title}" + (f" ({self.observed})" if self.observed else "")


def no_rows(relation: tuple[str, str], title: str, query: str, severity: str = STOP, compares: bool = False) -> Check:
    """Returns the check that a query answers nothing; `{batch}` in it is the relation."""
    arguments = {"unexpected_rows_query": f"{query} limit {SHOWN_ROWS}"}
    return Check(relation, title, "UnexpectedRowsExpectation", arguments, severity, compares)


@cache
def thresholds() -> dict[str, Any]:
    """Returns the thresholds of the checks, by border."""
    content: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("thresholds.yml").read_text(encoding="utf-8"))
    return content
