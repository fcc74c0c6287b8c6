"""Explains a number: the rows behind one value of `kpi_values`, what each adds, and that they add up to it."""

import contextlib
import datetime as dt
import json
import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

import duckdb

from orchestration import last_run
from orchestration.dbt_run import compile_text
from orchestration.errors import BoussoleError
from orchestration.question import Answer, Question, ask
from orchestration.settings import Settings
from orchestration.variables import known_variables

VALUE, NUMERATOR, DENOMINATOR = "value", "numerator", "denominator"
_BETWEEN = "-- what does not count"


@dataclass(frozen=True)
class Row:
    """A row behind the value: the part that it adds to, where it stands, its share of credit and what it adds."""

    part: str
    source: str
    row_key: str | None
    row_date: dt.date | None
    rep_id: str | None
    team_id: str | None
    share: Decimal
    amount: Decimal


@dataclass(frozen=True)
class Exclusion:
    """A row near the value that is not in it, or the number of those of a kind, with the reason."""

    source: str
    reason: str
    row_key: str | None
    row_date: dt.date | None
    place: str | None
    row_count: int


@dataclass(frozen=True)
class Explanation:
    """A value, the rows behind it, what stands near it and does not count, and the currency of money."""

    question: Question
    answer: Answer
    rows: tuple[Row, ...]
    exclusions: tuple[Exclusion, ...]
    currency: str

    @property
    def is_ratio(self) -> bool:
        """Whether the rows add up to a numerator and a denominator."""
        return any(row.part != VALUE for row in self.rows)

    def total(self, part: str) -> Decimal:
        """Returns what the rows of a part add up to."""
        return sum((row.amount for row in self.rows if row.part == part), Decimal(0))

    @property
    def result(self) -> float | None:
        """What the rows make: their sum, the quotient of two sums, or the median."""
        if self.answer.aggregation == "median":
            return statistics.median(float(row.amount) for row in self.rows) if self.rows else None
        if not self.is_ratio:
            return float(self.total(VALUE))
        denominator = float(self.total(DENOMINATOR))
        return float(self.total(NUMERATOR)) / denominator if denominator else None

    @property
    def adds_up(self) -> bool:
        """Whether the rows make the value; of a ratio also whether its parts are those of `kpi_values`."""
        pairs: list[tuple[float | None, float | None]] = [(self.result, self.answer.value)]
        if self.is_ratio and self.answer.denominator is not None:
            pairs += [(float(self.total(NUMERATOR)), self.answer.numerator)]
            pairs += [(float(self.total(DENOMINATOR)), self.answer.denominator)]
        return all(is_same(found, known) for found, known in pairs)


def is_same(found: float | None, known: float | None) -> bool:
    """Returns whether two numbers are the same but for the last digits of a double."""
    if found is None or known is None:
        return found is known
    return math.isclose(found, known, rel_tol=1e-9, abs_tol=1e-6)


def explain(settings: Settings, metric: str, grain: str, entity: str | None, period: str) -> Explanation:
    """Returns the explanation of a value.

    Args:
        settings: Says where the private database is; the variables of its last run are taken from there.
        metric: A metric of the catalogue.
        grain: company, team or rep.
        entity: The id or the name of the team or rep.
        period: 2025-03, 2025-Q1 or 2025.

    Raises:
        BoussoleError: The database cannot be read, or it has no such value.
    """
    with contextlib.closing(_open(settings.database)) as connection:
        try:
            question, answer = ask(connection, metric, grain, entity, period)
        except duckdb.CatalogException as error:
            raise BoussoleError(f"{settings.database} has no KPIs yet: {error} Build it: make build.") from error
    settings = _as_built(settings)
    text = f"{_inline('explain', question)}\n{_BETWEEN}\n{_inline('exclusions', question)}"
    counted, _, left_out = compile_text(settings, text).partition(_BETWEEN)
    with contextlib.closing(_open(settings.database)) as connection:
        try:
            rows = tuple(Row(*row[4:]) for row in connection.execute(counted).fetchall())
            exclusions = tuple(Exclusion(*row[4:]) for row in connection.execute(left_out).fetchall())
        except (duckdb.CatalogException, duckdb.BinderException) as error:
            raise BoussoleError(
                f"{settings.database} lacks what is behind a number: {error} "
                "Give a private warehouse, built by this version, with --database; a published copy has the marts only."
            ) from error
    variables = {**known_variables(settings.project_dir), **settings.variables}
    return Explanation(question, answer, rows, exclusions, str(variables["reporting_currency"]))


def asked_values(questions: Sequence[Question]) -> str:
    """Returns the Jinja expression of the values that are asked about."""
    selects = [
        f"asked_value({', '.join(_literal(one) for one in (q.grain, q.entity, q.period_type, str(q.period_start)))})"
        for q in questions
    ]
    return " ~ ' union all ' ~ ".join(selects)


def _inline(macro: str, question: Question) -> str:
    return f"{{{{ {macro}({_literal(question.metric)}, {asked_values([question])}) }}}}"


def _literal(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _as_built(settings: Settings) -> Settings:
    """Returns settings with the variables of the last run on the database, and artifacts that no run uses."""
    last = last_run.read(settings.database)
    return replace(
        settings, variables=dict(last.variables) if last else {}, target_path=settings.target_path / "explain"
    )


def _open(database: Path) -> duckdb.DuckDBPyConnection:
    if not database.exists():
        raise BoussoleError(f"There is no warehouse {database}. Build it first: make build.")
    try:
        return duckdb.connect(str(database), read_only=True)
    except duckdb.Error as error:
        raise BoussoleError(f"The warehouse {database} cannot be read, perhaps a run is writing it: {error}") from error
