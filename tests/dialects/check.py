"""Translates rendered models into other dialects and parses the result.

A macro of macros/engine has a version per engine, so a port writes its own: what such a macro rendered is cut out
first, under the macro's name. The rest is common SQL of the project, and must translate and parse as it is.
"""

import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlglot import ErrorLevel, TokenType, exp, parse_one
from sqlglot.dialects.dialect import Dialect
from sqlglot.dialects.duckdb import DuckDB
from sqlglot.errors import ParseError, UnsupportedError

DIALECTS = {"snowflake": "Snowflake", "bigquery": "BigQuery", "databricks": "Databricks", "postgres": "PostgreSQL"}


# Functions that we know an engine to have; another name is a finding until someone has looked it up. sqlglot passes on
# what it does not know, and its own names where it has no translation.
_EVERYWHERE = {
    *("abs", "cast", "ceil", "coalesce", "count", "cume_dist", "extract", "first_value", "greatest", "last_value"),
    *("lead", "least", "lower", "max", "min", "nullif", "percent_rank", "rank", "row_number", "sqrt", "sum"),
}
FUNCTIONS = {
    "snowflake": _EVERYWHERE | {"date_part", "date_trunc", "datediff", "greatest_ignore_nulls", "least_ignore_nulls"},
    "bigquery": _EVERYWHERE | {"date_diff", "date_trunc", "timestamp_trunc"},
    "databricks": _EVERYWHERE | {"concat", "date_trunc", "datediff", "trunc"},
    "postgres": _EVERYWHERE | {"age", "date_trunc"},
}


def _is_call(node: exp.Expr, name: str) -> bool:
    return isinstance(node, exp.Anonymous) and node.name.lower() == name


def _is_hugeint(node: exp.Expr) -> bool:
    return isinstance(node, exp.Cast) and node.to.this == exp.DataType.Type.INT128


# Macros of macros/engine -> what their DuckDB version renders, and nothing else in the project does.
ENGINE_MACROS: dict[str, Callable[[exp.Expr], bool]] = {
    "time zones (business_date, midnight_utc, parse_instant, utc_wall_time)": lambda node: _is_call(node, "timezone"),
    "attempt_cast": lambda node: isinstance(node, exp.TryCast),
    "exact_share": lambda node: isinstance(node, exp.IntDiv) or _is_hugeint(node),
    "iso_weekday": lambda node: isinstance(node, exp.DayOfWeekIso),
    "matches": lambda node: isinstance(node, exp.RegexpLike),
    "median_of": lambda node: isinstance(node, exp.Median),
    "row_as_json": lambda node: isinstance(node, exp.JSONObject),
    "trimmed": lambda node: isinstance(node, exp.Trim) and node.args.get("expression") is not None,
}
# dbt's own macros, of which each adapter brings its version.
DBT_MACROS: dict[str, Callable[[exp.Expr], bool]] = {
    "split_part": lambda node: isinstance(node, exp.Split),
}


@dataclass(frozen=True)
class Finding:
    """What would not run as it is.

    Attributes:
        model: The model it is in.
        dialect: The engine that would not run it.
        what: In words.
    """

    model: str
    dialect: str
    what: str


@dataclass(frozen=True)
class Report:
    """What translating the models showed.

    Attributes:
        models: How many there are.
        uses: Macro of macros/engine -> the models that it is rendered in.
        findings: What would not run, beside these macros.
    """

    models: int
    uses: dict[str, list[str]]
    findings: list[Finding]


def check(compiled: Path) -> Report:
    """Translates every model that dbt compiled for DuckDB into this folder.

    Raises:
        ParseError: A model is not read by sqlglot at all.
    """
    uses: dict[str, list[str]] = {macro: [] for macro in ENGINE_MACROS}
    findings = []
    # Below folders named after the yml files lie the tests of the models.
    files = [file for file in compiled.rglob("*.sql") if not any(part.endswith(".yml") for part in file.parts)]
    for file in sorted(files, key=lambda file: file.stem):
        sql = file.read_text(encoding="utf-8")
        for macro in _read(sql, DuckDB.NULL_ORDERING)[1] & uses.keys():
            uses[macro].append(file.stem)
        findings += [Finding(file.stem, dialect, what) for dialect in DIALECTS for what in problems(sql, dialect)]
    return Report(len(files), uses, findings)


def problems(sql: str, dialect: str) -> Iterator[str]:
    """Yields what of a model's SQL, as rendered for DuckDB, would not run on an engine."""
    tree, _ = _read(sql, Dialect.get_or_raise(dialect).NULL_ORDERING)
    try:
        translated = tree.sql(dialect=dialect, unsupported_level=ErrorLevel.RAISE, max_unsupported=100)
        parse_one(translated, read=dialect)
    except UnsupportedError as error:
        yield from sorted(set(str(error).splitlines()))
        return
    except ParseError as error:
        yield f"does not parse: {error.errors[0]['description'] if error.errors else error}"
        return
    unknown = set(_calls(translated, dialect)) - FUNCTIONS[dialect] - {"engine_macro"}
    yield from (f"no function {name}" for name in sorted(unknown))


def _calls(sql: str, dialect: str) -> Iterator[str]:
    """Yields the names that stand before an opening parenthesis."""
    tokens = Dialect.get_or_raise(dialect).tokenize(sql)
    for before, token, after in zip([None, *tokens], tokens, [*tokens[1:], None], strict=False):
        is_name = token.token_type is TokenType.VAR and after is not None and after.token_type is TokenType.L_PAREN
        if is_name and not (before and before.token_type is TokenType.ALIAS):
            yield token.text.lower()


@functools.cache
def _read(sql: str, ordering: str) -> tuple[exp.Expr, set[str]]:
    """Returns the common SQL of a model, with an engine's order of NULLs, and the macros that were cut out of it.

    An order in the project says where NULLs are wherever there can be one, so that the others need no translation.
    """
    reader: type[Dialect] = type("Reader", (DuckDB,), {"NULL_ORDERING": ordering})
    return _cut_out(parse_one(sql, read=reader))


def _cut_out(tree: exp.Expr) -> tuple[exp.Expr, set[str]]:
    """Puts a call in place of what each macro of an engine rendered; returns the macros found too."""
    found = set()

    def replace(node: exp.Expr) -> exp.Expr:
        for macro, renders in (ENGINE_MACROS | DBT_MACROS).items():
            if renders(node):
                found.add(macro)
                return exp.Anonymous(this="engine_macro", expressions=[*node.find_all(exp.Column)])
        return node

    return tree.transform(replace), found
