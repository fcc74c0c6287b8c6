import json
from pathlib import Path

from orchestration.commands import build_arguments, build_environment, compile_arguments
from orchestration.settings import Settings, resolve

ROOT = Path("/project")


def settings(**changes: object) -> Settings:
    values: dict[str, object] = {
        "project_dir": ROOT,
        "raw_dir": ROOT / "sample_data",
        "database": ROOT / "warehouse/boussole.duckdb",
        "publish_dir": ROOT / "published",
        "target_path": ROOT / "target",
        "log_dir": ROOT / "logs",
    }
    return Settings(**(values | changes))  # type: ignore[arg-type]


def test_the_sample_is_built_with_unit_tests_and_nothing_else() -> None:
    assert build_arguments(settings()) == [
        "--no-use-colors",
        "--no-print",
        "--log-level=none",
        "--log-level-file=none",
        "build",
        "--project-dir=/project",
        "--profiles-dir=/project",
        "--target-path=/project/target",
        "--log-path=/project/logs",
    ]


def test_a_text_is_compiled_without_the_database() -> None:
    arguments = compile_arguments(settings(variables={"low_n_threshold": 5}), "{{ 1 }}")
    assert arguments[4] == "compile"
    assert {"--no-populate-cache", "--no-introspect", '{"low_n_threshold": 5}'} <= set(arguments)
    assert arguments[-2:] == ["--inline", "{{ 1 }}"]


def test_every_option_reaches_dbt() -> None:
    arguments = build_arguments(
        settings(
            variables={"won_stages": ["gagné"], "as_of_date": "2024-12-31"},
            full_refresh=True,
            target="prod",
            select=("marts.kpis", "+fct_sales"),
        )
    )
    assert "--target=prod" in arguments
    assert "--full-refresh" in arguments
    assert arguments[-3:] == ["--select", "marts.kpis", "+fct_sales"]
    given = json.loads(arguments[arguments.index("--vars") + 1])
    assert given == {"as_of_date": "2024-12-31", "won_stages": ["gagné"]}


def test_unit_tests_run_on_the_sample_with_default_variables_only() -> None:
    excluded = ["--exclude-resource-type", "unit_test"]
    assert build_arguments(settings(raw_dir=Path("/data")))[-2:] == excluded
    assert build_arguments(settings(variables={"as_of_date": "2024-01-31"}))[-2:] == excluded
    assert "unit_test" not in build_arguments(settings())


def test_the_environment_is_ours_and_not_the_shells() -> None:
    inherited = {
        "PATH": "/bin",
        "DBT_TARGET": "prod",
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "true",
        "DBT_ENV_WAREHOUSE_SIZE": "kept",
        "BOUSSOLE_RAW_DIR": "/elsewhere",
    }
    environment = build_environment(settings(), inherited)
    assert environment["BOUSSOLE_RAW_DIR"] == "/project/sample_data"
    assert environment["BOUSSOLE_DATABASE"] == "/project/warehouse/boussole.duckdb"
    assert environment["DBT_SEND_ANONYMOUS_USAGE_STATS"] == "false"
    assert environment["DBT_ENV_WAREHOUSE_SIZE"] == "kept"
    assert environment["PATH"] == "/bin"
    assert "DBT_TARGET" not in environment


def test_history_has_a_file_only_where_it_is_kept(tmp_path: Path) -> None:
    """`keep_history` writes beside a database of one's own, and a file named by the user goes first."""
    database = tmp_path / "other.duckdb"
    kept = resolve(database=database, variables={"keep_history": True})
    assert build_environment(kept, {})["BOUSSOLE_HISTORY"] == str(tmp_path.resolve() / "other_history.duckdb")
    assert build_environment(kept, {"BOUSSOLE_HISTORY": "/own.duckdb"})["BOUSSOLE_HISTORY"] == "/own.duckdb"
    assert "BOUSSOLE_HISTORY" not in build_environment(resolve(database=database), {})
