"""The harness, for warehouses that dbt need not build."""

from tests.harness.conftest import compiled_as_of  # noqa: F401 - a fixture
