"""Builds warehouses of tiny raw folders in seconds: dbt compiles the project once, DuckDB runs what it compiled."""
