"""Prints what a run did: figures, findings, and where to go on from there."""

import shlex
from pathlib import Path
from typing import TypeVar

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from orchestration.dbt_run import TEST_KINDS, BuildOutcome, Node
from orchestration.figures import RAW_COUNTERS, Figures, Headline
from orchestration.pipeline import RunReport
from orchestration.publish import FILE_NAME
from orchestration.variables import known_variables

NOT_AVAILABLE = "not available"
SHOWN_FAILURES = 20
SHOWN_ROWS = 20

T = TypeVar("T")


def print_summary(console: Console, report: RunReport) -> None:
    """Prints the summary of a run."""
    figures = report.figures
    if report.exit_code == 0:
        _print_raw(console, figures)
        _print_rows(console, figures)
    _print_findings(console, figures, report.settings.database)
    _print_notes(console, report.outcome)
    _print_checks(console, report.outcome)
    _print_audit(console, report)
    if report.exit_code == 0:
        _print_headlines(console, figures, _currency(report))
    else:
        _print_failure(console, report)
    _print_places(console, report)


def query_command(database: Path, query: str) -> str:
    """Returns a shell command that shows the result of a query, for the activated environment."""
    return _python_command(database, f'"{query}"')


def _print_raw(console: Console, figures: Figures) -> None:
    if not figures.raw:
        return
    _title(console, "Raw tables")
    table = _table("table", *(name.removeprefix("rows_").replace("_versions", "") for name in RAW_COUNTERS))
    for name, counters in figures.raw:
        table.add_row(name, *(f"{counters[counter]:,}" for counter in RAW_COUNTERS))
    table.add_section()
    table.add_row("total", *(f"{sum(counters[c] for _, counters in figures.raw):,}" for c in RAW_COUNTERS))
    console.print(table)
    if figures.rounded_values:
        _say(console, f"{figures.rounded_values:,} values had more decimals than are kept, and were rounded")
    if figures.missing_tables:
        _say(console, f"Not supplied, so their KPIs are {NOT_AVAILABLE}: {', '.join(figures.missing_tables)}")


def _print_rows(console: Console, figures: Figures) -> None:
    layers = [("staging", tuple((name, counters["rows_staged"]) for name, counters in figures.raw)), *figures.rows]
    console.print()
    for layer, relations in layers:
        if relations:
            total = sum(rows for _, rows in relations)
            console.print(f"[bold]{layer}[/bold]  {len(relations)} relations, {total:,} rows")
        if layer != "staging":  # staging stands in the table above
            console.print("  " + ", ".join(f"{name} {rows:,}" for name, rows in relations), style="dim")


def _print_findings(console: Console, figures: Figures, database: Path) -> None:
    if figures.quarantined:
        _title(console, "Quarantined rows")
        table = _table("table", "reason", "rows", "for example", numbers=("rows",))
        for name, reason, rows, example in _first(figures.quarantined):
            table.add_row(name, reason, f"{rows:,}", example)
        console.print(table)
        _say_rest(console, figures.quarantined)
        command = f"python -m orchestration quarantine --database {shlex.quote(_relative(database))}"
        _say(console, f"See them    {command}")
    if figures.excluded:
        _title(console, "Events that count nowhere")
        table = _table("table", "reason", "rows", numbers=("rows",))
        for name, reason, rows in _first(figures.excluded):
            table.add_row(name, reason, f"{rows:,}")
        console.print(table)
        _say_rest(console, figures.excluded)
        _say(console, f"See them    {query_command(database, 'from quality.excluded_events')}")


def _print_notes(console: Console, outcome: BuildOutcome) -> None:
    if outcome.notes:
        _title(console, "Notes")
    for note in _first(outcome.notes):
        _say(console, "- " + note)


def _print_checks(console: Console, outcome: BuildOutcome) -> None:
    if not outcome.nodes:
        return
    skipped, units = outcome.count(*TEST_KINDS)["skipped"], outcome.count("unit_test").total()
    console.print()
    console.print(
        f"[bold]Tests[/bold]  {', '.join(f'{count} {ending}' for ending, count in outcome.tests().items())}"
        + (f", {skipped} skipped" if skipped else "")
        + (f" ({units} of them unit tests)" if units else "")
    )
    for node in outcome.nodes:
        if node.status == "warn":
            _say(console, f"- warned: {node.name}: {node.message}")


def _print_audit(console: Console, report: RunReport) -> None:
    audit = report.audit
    if audit is None:
        return
    console.print(
        f"[bold]Audit[/bold]  {len(audit.results) - len(audit.findings)} checks of the borders held"
        + (f", {len(audit.findings)} warned" if audit.findings else "")
    )
    for finding in _first(tuple(audit.findings)):
        _say(console, f"- warned: {finding}")


def _print_headlines(console: Console, figures: Figures, currency: str) -> None:
    if figures.month is None:
        return
    _title(console, f"KPIs of {figures.month:%Y-%m}, the latest complete month, all teams")
    table = _table("KPI", "value")
    for headline in figures.headlines:
        table.add_row(headline.label, _value(headline, currency))
    console.print(table)


def _print_failure(console: Console, report: RunReport) -> None:
    console.print()
    if report.problem:
        console.print("[bold red]The run did not succeed[/bold red]")
        _say(console, report.problem)
        return
    failures = report.outcome.failures
    skipped = sum(1 for node in report.outcome.nodes if node.status == "skipped")
    console.print(f"[bold red]{len(failures)} failed[/bold red], {skipped} skipped because of that")
    for node in failures[:SHOWN_FAILURES]:
        console.print(f"\n[bold]{escape(node.kind.replace('_', ' '))} {escape(node.name)}[/bold]", soft_wrap=True)
        _say(console, f"{node.path}\n{node.message}")
        if command := _rows_command(node, report):
            _say(console, f"See the rows: {command}")
    if len(failures) > SHOWN_FAILURES:
        _say(console, f"… and {len(failures) - SHOWN_FAILURES} more in the log.")


def _rows_command(node: Node, report: RunReport) -> str | None:
    """Returns a command that shows the rows that failed a test."""
    if node.kind != "test" or not node.failing_rows:
        return None
    database = report.settings.database
    if node.relation:
        return query_command(database, f"from {node.relation[0]}.{node.relation[1]} limit 20")
    if node.compiled_path:
        compiled = _relative(report.settings.project_dir / node.compiled_path)
        return _python_command(database, f'open("{compiled}").read()')
    return None


def _python_command(database: Path, query: str) -> str:
    code = f'import duckdb; duckdb.connect("{_relative(database)}", read_only=True).sql({query}).show()'
    return f"python -c {shlex.quote(code)}"


def _print_places(console: Console, report: RunReport) -> None:
    published = report.settings.publish_dir / "current" / FILE_NAME
    console.print()
    took = f"{report.seconds:.0f} s"
    if report.exit_code == 0:
        console.print(f"[bold green]Done[/bold green] in {took}, run {report.run_id}")
    else:
        console.print(f"[bold red]Failed[/bold red] after {took}, run {report.run_id}; nothing was published")
    if report.figures.as_of_date:
        _say(console, f"As of       {report.figures.as_of_date}")
    _say(console, f"Warehouse   {_relative(report.settings.database)}")
    if report.published:
        _say(console, f"Published   {_relative(published)} ({len(report.published.rows)} tables)")
    elif report.exit_code == 0:
        _say(console, f"Published   nothing: {report.unpublished}")
    if report.audit and report.audit.results:
        _say(console, f"Audit       {_relative(report.audit.docs)}")
    _say(console, f"Log         {_relative(report.log_path)}")
    if report.published:
        _say(
            console,
            f"Query it    {query_command(published, 'from kpis.team_monthly_kpis order by month desc limit 10')}",
        )


def _currency(report: RunReport) -> str:
    defaults = known_variables(report.settings.project_dir)
    return str(report.settings.variables.get("reporting_currency", defaults.get("reporting_currency", "")))


def _value(headline: Headline, currency: str) -> str:
    if headline.value is None:
        return NOT_AVAILABLE
    if headline.unit == "money":
        return f"{headline.value:,.2f} {currency}".strip()
    if headline.unit == "rate":
        return f"{float(headline.value) * 100:.1f} %"
    whole = headline.value == int(headline.value)
    return f"{headline.value:,.0f}" if whole else f"{headline.value:,.2f}"


def _table(first: str, *others: str, numbers: tuple[str, ...] | None = None) -> Table:
    """Returns an empty table; all columns but the first are numbers unless `numbers` names them."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(first, overflow="fold")
    for name in others:
        is_number = numbers is None or name in numbers
        table.add_column(name, justify="right" if is_number else "left", overflow="fold", no_wrap=is_number)
    return table


def _title(console: Console, text: str) -> None:
    console.print(f"\n[bold]{escape(text)}[/bold]")


def _say(console: Console, text: str) -> None:
    """Prints text as it is: nothing is markup, and no line is broken, so that it can be copied."""
    console.print(text, markup=False, highlight=False, soft_wrap=True)


def _first(items: tuple[T, ...]) -> tuple[T, ...]:
    return items[:SHOWN_ROWS]


def _say_rest(console: Console, items: tuple[object, ...]) -> None:
    if len(items) > SHOWN_ROWS:
        _say(console, f"… and {len(items) - SHOWN_ROWS} more kinds")


def _relative(path: Path) -> str:
    """Returns the path as short as possible from here."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)
