"""Every mapping keeps to the raw contract; an unknown column would be reported by the warehouse and ignored."""

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from tests.real.conftest import open_raw
from tests.real.mapping import DATASETS, REPOSITORY

CONTRACT = REPOSITORY / "models" / "staging" / "crm" / "_crm__sources.yml"


@pytest.mark.parametrize("name", DATASETS)
def test_mapped_tables_and_columns_are_those_of_the_contract(raw_folder: Callable[[str], Path], name: str) -> None:
    source = yaml.safe_load(CONTRACT.read_text(encoding="utf-8"))["sources"][0]
    contract = {table["name"]: {column["name"] for column in table["columns"]} for table in source["tables"]}
    with open_raw(raw_folder(name)) as raw:
        views = raw.sql("select view_name from duckdb_views() where not internal").fetchall()
        mapped = {view: set(raw.table(view).columns) for (view,) in views}
    assert mapped
    assert mapped.keys() <= contract.keys()
    assert {table: columns - contract[table] for table, columns in mapped.items() if columns - contract[table]} == {}
