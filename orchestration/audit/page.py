"""The first page of the Data Docs: every check and what was found, readable without the internet."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader

TEMPLATE = "page.html.jinja"
HELD, WARNS, STOPS = "held", "warns", "stops"


@dataclass(frozen=True)
class Result:
    """What came out of a check: `verdict` is HELD, WARNS or STOPS."""

    border: str
    relation: str
    title: str
    verdict: str
    observed: str = ""


def render(results: Sequence[Result], as_of_date: str | None, site: str) -> str:
    """Returns the page; `site` is the folder of Great Expectations' own pages beside it."""
    borders: dict[str, dict[str, list[Result]]] = {}
    for one in results:
        borders.setdefault(one.border, {}).setdefault(one.relation, []).append(one)
    findings = sorted((one for one in results if one.verdict != HELD), key=lambda one: one.verdict == WARNS)
    jinja = Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True, trim_blocks=True)
    return jinja.get_template(TEMPLATE).render(
        results=results, borders=borders, findings=findings, as_of_date=as_of_date, site=site
    )
