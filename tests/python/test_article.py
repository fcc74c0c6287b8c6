"""docs/ARTICLE.md says what the warehouse of the sample says."""

import pytest

from orchestration.article import ANALYSIS, DOCUMENT, render
from tests.conftest import REPOSITORY, Warehouse
from tests.python.test_analyses import compile_analyses


def test_the_article_is_up_to_date(warehouse: Warehouse, tmp_path_factory: pytest.TempPathFactory) -> None:
    compiled = compile_analyses(warehouse, tmp_path_factory.mktemp("article"))
    text = render(warehouse.database, compiled / f"{ANALYSIS}.sql", "EUR")
    assert (REPOSITORY / DOCUMENT).read_text(encoding="utf-8") == text, "Run `make article` and commit the result."
