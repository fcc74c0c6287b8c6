"""docs/AS_OF.md says of every column of the raw contract what an earlier as-of date does with it."""

import re

import yaml

from tests.conftest import REPOSITORY

TEXT = (REPOSITORY / "docs" / "AS_OF.md").read_text(encoding="utf-8")
COMMON = {"updated_at", "is_deleted", "source_system"}


def test_every_column_of_the_contract_has_one_place() -> None:
    sources = yaml.safe_load((REPOSITORY / "models/staging/crm/_crm__sources.yml").read_text(encoding="utf-8"))
    contract = {
        table["name"]: sorted({column["name"] for column in table["columns"]} - COMMON)
        for table in sources["sources"][0]["tables"]
    }
    documented = {
        table: sorted(re.findall(r"`(\w+)`", cells))
        for table, cells in re.findall(r"^\| `(\w+)` \|(.*)\|$", TEXT, re.MULTILINE)
    }
    assert documented == contract
    assert all(f"`{column}`" in TEXT for column in COMMON)
