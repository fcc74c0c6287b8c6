"""What `explain` lists adds up, for ten random values of every metric; and what it says of the rest."""

import contextlib
import csv
import dataclasses
import datetime as dt
import io
import json
import random
import re
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from rich.console import Console

from orchestration.dbt_run import compile_text
from orchestration.errors import BoussoleError
from orchestration.explain import Explanation, Row, asked_values, explain
from orchestration.explain_report import as_csv, print_explanation
from orchestration.question import Question, ask, parse_period, period_name
from orchestration.settings import Settings, resolve
from tests.conftest import REPOSITORY, Warehouse, run_cli

SEED = 20250331
VALUES_OF_A_METRIC = 10
MARK = "-- explained: "
KEYS = ("grain", "entity_id", "period_type", "period_start")

with (REPOSITORY / "seeds" / "kpi_catalogue.csv").open(encoding="utf-8") as seed:
    CATALOGUE = [row["metric"] for row in csv.DictReader(seed)]


@pytest.fixture(scope="module")
def settings(warehouse: Warehouse) -> Settings:
    return resolve(database=warehouse.database)


@pytest.fixture(scope="module")
def connection(warehouse: Warehouse) -> Iterator[duckdb.DuckDBPyConnection]:
    with contextlib.closing(warehouse.connect()) as opened:
        yield opened


@pytest.fixture(scope="module")
def questions(connection: duckdb.DuckDBPyConnection) -> dict[str, list[Question]]:
    """Ten random known values of each metric, or all of them where there are fewer."""
    known: dict[str, list[Question]] = defaultdict(list)
    for row in connection.execute(
        f"select metric, {', '.join(KEYS)} from kpis.kpi_values where value is not null order by all"
    ).fetchall():
        known[row[0]].append(Question(*row))
    draw = random.Random(SEED)  # noqa: S311 - the same values on every run
    return {metric: draw.sample(ones, min(VALUES_OF_A_METRIC, len(ones))) for metric, ones in sorted(known.items())}


@pytest.fixture(scope="module")
def explanations(
    connection: duckdb.DuckDBPyConnection, settings: Settings, questions: dict[str, list[Question]]
) -> dict[str, list[Explanation]]:
    """Every question explained, with one statement a metric."""
    text = "\n".join(f"{MARK}{m}\n{{{{ explain('{m}', {asked_values(ones)}) }}}}" for m, ones in questions.items())
    statements = re.split(rf"^{MARK}(\w+)\n", compile_text(settings, text), flags=re.MULTILINE)[1:]
    explained: dict[str, list[Explanation]] = {}
    for metric, statement in zip(statements[::2], statements[1::2], strict=True):
        rows: dict[tuple[str, str, str, dt.date], list[Row]] = defaultdict(list)
        for grain, entity, period_type, start, *row in connection.execute(statement).fetchall():
            rows[grain, entity, period_type, start].append(Row(*row))
        explained[metric] = [
            Explanation(
                *ask(connection, metric, one.grain, one.entity, one.period),
                rows=tuple(rows[one.grain, one.entity, one.period_type, one.period_start]),
                exclusions=(),
                currency="EUR",
            )
            for one in questions[metric]
        ]
    return explained


@pytest.mark.parametrize("metric", CATALOGUE)
def test_rows_add_up_to_the_value(explanations: dict[str, list[Explanation]], metric: str) -> None:
    assert explanations[metric], f"the sample has no value of {metric}"
    wrong = [f"{one.question}: {one.result}, not {one.answer.value}" for one in explanations[metric] if not one.adds_up]
    assert not wrong, "\n".join(wrong)


def test_rows_add_up_to_targets_attainment_and_pace(explanations: dict[str, list[Explanation]]) -> None:
    """Of the metrics other than net revenue that have targets."""
    targeted = {metric: ones for metric, ones in explanations.items() if metric not in CATALOGUE}
    assert any(metric.endswith("_pace_rate") for metric in targeted)
    assert [str(one.question) for ones in targeted.values() for one in ones if not one.adds_up] == []


def test_every_ratio_has_the_rows_of_both_parts(explanations: dict[str, list[Explanation]]) -> None:
    wrong = [
        str(one.question)
        for ones in explanations.values()
        for one in ones
        if one.answer.denominator and not any(row.part == "denominator" for row in one.rows)
    ]
    assert not wrong


def test_a_row_too_few_does_not_add_up(explanations: dict[str, list[Explanation]]) -> None:
    """The check itself: without its largest row, or with one row twice, no sum is right."""
    for metric in ("net_revenue", "win_rate", "fte", "mrr", "nps", "customers_retained"):
        whole = next(one for one in explanations[metric] if one.rows)
        largest = max(whole.rows, key=lambda row: abs(row.amount))
        without = tuple(row for row in whole.rows if row is not largest)
        assert not dataclasses.replace(whole, rows=without).adds_up
        assert not dataclasses.replace(whole, rows=(*whole.rows, largest)).adds_up


def test_shares_are_shares_of_the_line(connection: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """A sale that two reps share is listed for each with its part; the parts are the line."""
    rep, day = connection.execute(
        "select rep_id, sale_date from core.fct_sale_credits where is_revenue_basis and credit_share < 1 "
        "and sold_amount <> 0 order by sale_line_id, rep_id limit 1"
    ).fetchall()[0]
    explanation = explain(settings, "sold_amount", "rep", rep, f"{day:%Y-%m}")
    shared = [row for row in explanation.rows if row.share < 1]
    assert shared
    for row in shared:
        (whole,) = connection.execute(
            "select sold_amount from core.fct_sales where sale_line_id = ?", [row.row_key]
        ).fetchall()[0]
        assert abs(row.amount - whole * row.share) <= Decimal("0.0001")


def test_what_does_not_count_is_listed_with_its_reason(
    connection: duckdb.DuckDBPyConnection, settings: Settings
) -> None:
    (last,) = connection.execute("select max(ordered_date) from intermediate.int_orders").fetchall()[0]
    explanation = explain(settings, "net_revenue", "company", None, str(last.year - 1))
    listed = defaultdict(set)
    for one in explanation.exclusions:
        listed[one.source, one.reason].add(one.place or one.row_key)
    expected = connection.execute(
        "select row_key from quality.excluded_events where table_name = 'orders' "
        "and exclusion_reason = 'order_not_completed' and year(event_date) = ?",
        [last.year - 1],
    ).fetchall()
    assert expected
    assert listed["orders", "order_not_completed"] == {key for (key,) in expected}
    quarantined = connection.execute(
        "select reason || ' ' || column_name, source_file || ':' || record_number from quality.quarantined_rows "
        "where table_name = 'orders' and column_name is not null"
    ).fetchall()
    assert quarantined
    assert all(place in listed["orders", f"quarantined: {reason}"] for reason, place in quarantined)
    unpriced = connection.execute(
        "select distinct sale_line_id from core.fct_sale_credits where is_revenue_basis and sold_amount is null "
        "and year(sale_date) = ?",
        [last.year - 1],
    ).fetchall()
    assert unpriced
    assert listed["fct_sale_credits", "amount_unknown"] == {key for (key,) in unpriced}
    counted = {row.row_key for row in explanation.rows if row.source == "fct_sale_credits"}
    assert not counted & listed["fct_sale_credits", "amount_unknown"]


def test_csv_and_json_have_every_row(connection: duckdb.DuckDBPyConnection, warehouse: Warehouse) -> None:
    (start,) = connection.execute(
        "select max(period_start) from kpis.kpi_values where metric = 'win_rate' and period_type = 'quarter' "
        "and grain = 'company' and value is not null"
    ).fetchall()[0]
    command = ["explain", "win_rate", "--period", period_name("quarter", start), "--database", str(warehouse.database)]
    tables = {output: run_cli(*command, "--format", output) for output in ("table", "csv", "json")}
    assert {ran.returncode for ran in tables.values()} == {0}, [ran.stderr for ran in tables.values()]
    whole = json.loads(tables["json"].stdout)
    assert whole["adds_up"]
    lines = list(csv.DictReader(io.StringIO(tables["csv"].stdout)))
    assert len(lines) == len(whole["rows"]) + len(whole["exclusions"])
    for part in ("numerator", "denominator"):
        assert sum(Decimal(line["amount"]) for line in lines if line["part"] == part) == whole["answer"][part]
    table = tables["table"].stdout
    for told in ("Win rate", "opportunities_won / (opportunities_won + opportunities_lost)", "It adds up:"):
        assert told in table
    assert max(len(line) for line in table.splitlines()) <= 80


def test_the_example_of_the_docs_is_what_is_shown(settings: Settings) -> None:
    text = (REPOSITORY / "docs" / "EXPLAIN.md").read_text(encoding="utf-8")
    asked = re.search(r"explain (\S+) --grain (\S+) --entity (\S+) --period (\S+)", text)
    example = re.search(r"```text\n(.*?)\n```", text, flags=re.DOTALL)
    assert asked
    assert example
    output = io.StringIO()
    print_explanation(Console(file=output, width=110, highlight=False), explain(settings, *asked.groups()))
    assert [line.rstrip() for line in output.getvalue().splitlines()] == example[1].splitlines()


def test_csv_of_an_explanation_is_exact(explanations: dict[str, list[Explanation]]) -> None:
    one = explanations["gross_margin"][0]
    lines = csv.DictReader(io.StringIO(as_csv(one)))
    assert sum(Decimal(line["amount"]) for line in lines) == one.total("value")


@pytest.mark.parametrize(
    ("metric", "grain", "entity", "period", "told"),
    [
        ("net_revenu", "company", None, "2025-03", "Near it: net_revenue"),
        ("is_peak", "company", None, "2025-03", "Unknown metric 'is_peak'"),
        ("net_margin", "team", "T01", "2025-03", "only of: company"),
        ("net_revenue", "team", "T0l", "2025-03", "Near it: T0"),
        ("net_revenue", "team", None, "2025-03", "Give --entity"),
        ("net_revenue", "company", "T01", "2025-03", "leave --entity"),
        ("net_revenue", "company", None, "1999-Q1", "Nearest with a value:"),
        ("net_revenue", "company", None, "2025-13", "is no period"),
        ("lead_conversion_rate", "company", None, "open", "No value until all of them have had that time"),
    ],
)
def test_what_cannot_be_explained_says_what_comes_near(
    connection: duckdb.DuckDBPyConnection, metric: str, grain: str, entity: str | None, period: str, told: str
) -> None:
    if period == "open":
        query = "select max(period_start) from core.dim_periods where period_type = 'month'"
        ((start,),) = connection.execute(query).fetchall()
        period = period_name("month", start)
    with pytest.raises(BoussoleError, match=re.escape(told)):
        ask(connection, metric, grain, entity, period)


def test_a_team_is_found_by_its_name(connection: duckdb.DuckDBPyConnection) -> None:
    team, name, start = connection.execute(
        "select entity_id, entity_name, max(period_start) from core.dim_entity_periods "
        "where grain = 'team' and period_type = 'month' and entity_id <> entity_name group by all order by 1 limit 1"
    ).fetchall()[0]
    question, _ = ask(connection, "sales_count", "team", name.upper(), period_name("month", start))
    assert question.entity == team


def test_a_missing_warehouse_is_said(tmp_path: Path) -> None:
    with pytest.raises(BoussoleError, match="make build"):
        explain(resolve(database=tmp_path / "none.duckdb"), "net_revenue", "company", None, "2025-03")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2025-03", ("month", dt.date(2025, 3, 1))),
        ("2025-q4", ("quarter", dt.date(2025, 10, 1))),
        ("2025", ("year", dt.date(2025, 1, 1))),
    ],
)
def test_periods_are_read_and_written(text: str, expected: tuple[str, dt.date]) -> None:
    assert parse_period(text) == expected
    assert period_name(*expected) == text.upper()
