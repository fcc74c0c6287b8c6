"""Which value of `kpi_values` is asked about, checked against what the warehouse has."""

import datetime as dt
import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from orchestration.errors import BoussoleError

GRAINS = ("company", "team", "rep")
COMPANY = "company"
SHOWN_MATCHES = 5


@dataclass(frozen=True)
class Question:
    """One value that somebody wants explained.

    Attributes:
        metric: A metric of `dim_kpis`.
        grain: company, team or rep.
        entity: The id of the team or rep; `company` of the company.
        period_type: month, quarter or year.
        period_start: Its first day.
    """

    metric: str
    grain: str
    entity: str
    period_type: str
    period_start: dt.date

    @property
    def period(self) -> str:
        """The period as people write it: 2025-03, 2025-Q1 or 2025."""
        return period_name(self.period_type, self.period_start)


@dataclass(frozen=True)
class Answer:
    """The value that is asked about, as `kpi_values`, and what `dim_kpis` says of its metric."""

    name: str
    definition: str
    formula: str
    unit: str
    aggregation: str
    entity_name: str
    value: float
    numerator: float | None
    denominator: float | None
    n: int | None
    is_low_n: bool
    low: float | None
    high: float | None
    is_complete_period: bool
    working_days: int
    elapsed_working_days: int


def period_name(period_type: str, start: dt.date) -> str:
    """Returns 2025-03 of a month, 2025-Q1 of a quarter, 2025 of a year."""
    if period_type == "month":
        return f"{start:%Y-%m}"
    return f"{start.year}-Q{(start.month + 2) // 3}" if period_type == "quarter" else str(start.year)


def parse_period(text: str) -> tuple[str, dt.date]:
    """Returns the type and the first day of a period: 2025-03, 2025-Q1 or 2025.

    Raises:
        BoussoleError: It is none.
    """
    found = re.fullmatch(r"(\d{4})(?:-(?:(\d{2})|[Qq]([1-4])))?", text.strip())
    if not found or not int(found[1]) or (found[2] and not 1 <= int(found[2]) <= 12):
        raise BoussoleError(f"{text!r} is no period. Write 2025-03 (month), 2025-Q1 (quarter) or 2025 (year).")
    year, month, quarter = int(found[1]), found[2], found[3]
    if month:
        return "month", dt.date(year, int(month), 1)
    return ("quarter", dt.date(year, 3 * int(quarter) - 2, 1)) if quarter else ("year", dt.date(year, 1, 1))


def ask(
    connection: duckdb.DuckDBPyConnection, metric: str, grain: str, entity: str | None, period: str
) -> tuple[Question, Answer]:
    """Returns the question and the value that it is about.

    Args:
        connection: The private database.
        metric: A metric of the catalogue.
        grain: company, team or rep.
        entity: The id or the name of the team or rep.
        period: 2025-03, 2025-Q1 or 2025.

    Raises:
        BoussoleError: There is no such metric, grain, entity or period, or no value of them; it names what comes near.
    """
    period_type, start = parse_period(period)
    _check_metric(connection, metric, grain)
    entity_id = _entity(connection, grain, entity)
    question = Question(metric, grain, entity_id, period_type, start)
    row = connection.execute(
        """
        select
            kpis.name_en, kpis.definition_en, kpis.formula, kpis.unit, kpis.aggregation, entities.entity_name,
            known.value, known.numerator, known.denominator, known.n, coalesce(known.is_low_n, false),
            known.low, known.high, known.is_complete_period, entities.working_days, entities.elapsed_working_days
        from kpis.kpi_values as known
        inner join core.dim_kpis as kpis using (metric)
        inner join core.dim_entity_periods as entities using (grain, entity_id, period_type, period_start)
        where metric = ? and grain = ? and entity_id = ? and period_type = ? and period_start = ?
        """,
        [metric, grain, entity_id, period_type, start],
    ).fetchone()
    if row is None or row[6] is None:
        raise BoussoleError(_no_value(connection, question, has_row=row is not None))
    return question, Answer(*row)


def _check_metric(connection: duckdb.DuckDBPyConnection, metric: str, grain: str) -> None:
    grains_of = dict(connection.execute("select metric, grains from core.dim_kpis").fetchall())
    if metric not in grains_of:
        raise BoussoleError(f"Unknown metric {metric!r}.{_near(metric, sorted(grains_of))}")
    grains = str(grains_of[metric]).split()
    if grain not in grains:
        raise BoussoleError(f"{metric} has no values of a {grain}, only of: {', '.join(grains)}.")


def _entity(connection: duckdb.DuckDBPyConnection, grain: str, entity: str | None) -> str:
    if grain == COMPANY:
        if entity not in (None, COMPANY):
            raise BoussoleError(f"The company is one: leave --entity {entity} out, or give --grain team or rep.")
        return COMPANY
    query = "select entity_id, max(entity_name) from core.dim_entity_periods where grain = ? group by entity_id"
    named: dict[str, str] = dict(connection.execute(query, [grain]).fetchall())
    if entity is None:
        raise BoussoleError(f"Which {grain}? Give --entity.{_listed('Some of them', sorted(named), named)}")
    if entity in named:
        return entity
    same_name = [key for key, name in named.items() if name and name.casefold() == entity.casefold()]
    if len(same_name) == 1:
        return same_name[0]
    if same_name:
        raise BoussoleError(f"Several {grain}s are called {entity}: {', '.join(sorted(same_name))}. Give the id.")
    words = {word.casefold(): key for key, name in named.items() for word in (key, name) if word}
    close = difflib.get_close_matches(entity.casefold(), list(words), n=SHOWN_MATCHES, cutoff=0.5)
    keys = list(dict.fromkeys(words[word] for word in close))
    near = _listed("Near it", keys, named) if keys else _listed("Some of them", sorted(named), named)
    raise BoussoleError(f"Unknown {grain} {entity!r}.{near}")


def _no_value(connection: duckdb.DuckDBPyConnection, question: Question, *, has_row: bool) -> str:
    """Returns why there is no value, and where there are some."""
    who = COMPANY if question.grain == COMPANY else f"{question.grain} {question.entity}"
    periods = [
        start
        for (start,) in connection.execute(
            "select period_start from kpis.kpi_values where metric = ? and grain = ? and entity_id = ? "
            "and period_type = ? and value is not null order by period_start",
            [question.metric, question.grain, question.entity, question.period_type],
        ).fetchall()
    ]
    if has_row:
        definition, missing = connection.execute(
            "select definition_en, missing_table from core.dim_kpis where metric = ?", [question.metric]
        ).fetchall()[0]
        reason = f"It needs the raw table {missing}, which was not supplied." if missing else str(definition)
        said = f"{question.metric} of {who} is not known in {question.period}. {reason}"
    else:
        said = f"{question.metric} of {who} has no {question.period_type} {question.period}."
    if not periods:
        return f"{said} It has no value in any {question.period_type}."
    nearest = sorted(periods, key=lambda start: abs((start - question.period_start).days))[:SHOWN_MATCHES]
    names = ", ".join(period_name(question.period_type, start) for start in sorted(nearest))
    return f"{said} Nearest with a value: {names}."


def _near(name: str, known: Sequence[str]) -> str:
    close = difflib.get_close_matches(name.lower().replace("-", "_"), known, n=SHOWN_MATCHES, cutoff=0.6)
    if not close:
        close = [one for one in known if name.lower() in one][:SHOWN_MATCHES]
    return f" Near it: {', '.join(close)}." if close else " dim_kpis lists them."


def _listed(label: str, keys: Sequence[str], named: dict[str, str]) -> str:
    shown = [key if named[key] in (None, key) else f"{key} ({named[key]})" for key in keys[:SHOWN_MATCHES]]
    return f" {label}: {', '.join(shown)}." if shown else " dim_entity_periods lists them."
