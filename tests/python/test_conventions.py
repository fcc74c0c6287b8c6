"""The rules of the layers, names and texts of the project, checked from dbt's manifest and from the files.

CONTRIBUTING.md says what the rules are. Nothing is built: one `dbt parse` into a temporary folder serves every test.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from dbt.jsonschemas import jsonschemas as dbt_schemas

from tests.conftest import REPOSITORY

Manifest = dict[str, Any]
Node = dict[str, Any]

# What a layer may read. `run` is the clock and the list of raw tables, which judge every raw record.
MAY_READ = {
    "base": {"source"},
    "run": {"source", "base"},
    "staging": {"base", "run"},
    "intermediate": {"staging", "run", "seed", "snapshot", "intermediate"},
    "core": {"staging", "run", "seed", "intermediate", "core"},
    "periods": {"core", "kpis", "periods"},
    "kpis": {"seed", "core", "periods", "kpis"},
    "quality": {"base", "staging", "run", "seed", "intermediate", "core", "kpis", "quality"},
}
PREFIXES = {
    "base": ("base_crm__",),
    "run": ("stg_run__",),
    "staging": ("stg_crm__",),
    "intermediate": ("int_",),
    "core": ("dim_", "fct_"),
    "periods": ("agg_",),
}
# The one place that reads the real clock: the ceiling of the as-of date.
CLOCK_FILE = "macros/kpis/clock.sql"
CLOCKS = (
    r"\bcurrent_(date|time|timestamp)\b|\b(now|today|getdate|sysdate|localtimestamp)\s*\("
    r"|\brun_started_at\b|\bmodules\.datetime\b"
)
# Tests that must look at every mart of the schema kpis.
TESTS_OF_EVERY_MART = [
    "dim_kpis__every_published_column",
    "dim_kpis__marts_have_the_columns",
    "kpis__unavailable_metrics_are_null",
]
# Macros of engines that are no expression, so that no row of a test can hold what they do -> the test that has it.
TESTED_ELSEWHERE = {
    "load_raw_tables": "tests/spark/test_marts.py",
    "list_folder": "tests/spark/test_marts.py",
    "load_csv_rows": "tests/dbt/macros/macros__seeds.sql",
    "snapshot_get_time": "tests/spark/test_runs.py",
    "by_month": "tests/spark/test_marts.py",
}
# dbt 1.11 needs this key of a metric; its own schema is that of later versions, which have another.
KEY_OF_METRICS = "not allowed ('type_params' was unexpected)"
SINGULAR_SUBJECTS = ("facts", "kpis", "macros")


@pytest.fixture(scope="session")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> Manifest:
    """What dbt knows of the project, without a warning: `--warn-error` makes each one fail."""
    folder = tmp_path_factory.mktemp("parse")
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("BOUSSOLE_", "DBT_"))}
    environment |= {"BOUSSOLE_DATABASE": str(folder / "boussole.duckdb"), "NO_COLOR": "1"}
    dbt = Path(sys.executable).with_name("dbt")
    command = [str(dbt), "--warn-error", "--show-all-deprecations", "parse", "--no-partial-parse"]
    command += ["--vars", "{keep_history: true}"]
    environment["BOUSSOLE_HISTORY"] = str(folder / "history.duckdb")
    ran = subprocess.run(
        [*command, "--target-path", str(folder / "target"), "--log-path", str(folder / "logs")],
        cwd=REPOSITORY,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    parsed: Manifest = json.loads((folder / "target" / "manifest.json").read_text(encoding="utf-8"))
    return parsed


@pytest.fixture(scope="session")
def tracked() -> list[str]:
    """The project's files: those that git has and those that it would add."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=REPOSITORY,
        capture_output=True,
        check=True,
    )
    names = {name for name in listed.stdout.decode().split("\0") if name}
    return sorted(name for name in names if (REPOSITORY / name).is_file())


def _models(manifest: Manifest) -> list[Node]:
    return [node for node in manifest["nodes"].values() if node["resource_type"] == "model"]


def _layer(node: Node) -> str:
    """base, run, staging, intermediate, core, periods, kpis or quality; of other nodes their kind."""
    if node["resource_type"] != "model":
        return str(node["resource_type"])
    folders = Path(node["original_file_path"]).parts[1:-1]
    return "staging" if folders == ("staging", "crm") else folders[0] if folders[0] == "intermediate" else folders[-1]


def _parent(manifest: Manifest, unique_id: str) -> Node:
    found: Node = manifest["nodes"].get(unique_id) or manifest["sources"][unique_id]
    return found


def _code(text: str) -> str:
    """SQL without its comments and its strings of one line."""
    text = re.sub(r"\{#.*?#\}", "", text, flags=re.DOTALL)
    text = re.sub(r"--[^\n]*", "", text)
    return re.sub(r"'[^'\n]*'", "''", text)


def _sql(folder: str) -> Iterator[tuple[str, str]]:
    for path in sorted((REPOSITORY / folder).rglob("*.sql")):
        yield str(path.relative_to(REPOSITORY)), path.read_text(encoding="utf-8")


def _yaml(folder: str) -> Iterator[tuple[str, Any]]:
    for path in sorted((REPOSITORY / folder).rglob("*.yml")):
        yield str(path.relative_to(REPOSITORY)), yaml.safe_load(path.read_text(encoding="utf-8"))


# ---- layers ----------------------------------------------------------------------------------------------------------


def test_every_model_has_a_layer(manifest: Manifest) -> None:
    assert {_layer(node) for node in _models(manifest)} == set(MAY_READ)


def test_a_model_reads_its_own_layer_or_an_earlier_one(manifest: Manifest) -> None:
    wrong = [
        f"{node['name']} ({_layer(node)}) reads {parent['name']} ({_layer(parent)})"
        for node in _models(manifest)
        for parent in (_parent(manifest, one) for one in node["depends_on"]["nodes"])
        if _layer(parent) not in MAY_READ[_layer(node)]
    ]
    assert not wrong, "\n".join(wrong)


def test_a_raw_table_is_read_by_its_one_base_model(manifest: Manifest) -> None:
    readers: dict[str, list[str]] = {}
    for node in _models(manifest):
        for parent in node["depends_on"]["nodes"]:
            if parent.startswith("source.") and _parent(manifest, parent)["source_name"] == "crm":
                readers.setdefault(_parent(manifest, parent)["name"], []).append(node["name"])
    tables = [one["name"] for one in manifest["sources"].values() if one["source_name"] == "crm"]
    assert readers == {table: [f"base_crm__{table}"] for table in tables}


def test_staging_joins_no_other_table(manifest: Manifest) -> None:
    """One raw table per staging model; the clock and the registry of files belong to the run."""
    wrong = {
        node["name"]: parents
        for node in _models(manifest)
        if _layer(node) == "staging"
        and len(parents := [p for p in node["depends_on"]["nodes"] if _layer(_parent(manifest, p)) == "base"]) != 1
    }
    assert not wrong


def test_snapshots_read_staging(manifest: Manifest) -> None:
    snapshots = [node for node in manifest["nodes"].values() if node["resource_type"] == "snapshot"]
    assert snapshots
    for node in snapshots:
        assert {_layer(_parent(manifest, one)) for one in node["depends_on"]["nodes"]} <= {"staging", "run"}, node[
            "name"
        ]


def test_every_mart_is_in_the_tests_of_every_mart(manifest: Manifest) -> None:
    marts = {node["unique_id"] for node in _models(manifest) if _layer(node) == "kpis"}
    for name in TESTS_OF_EVERY_MART:
        (test,) = [node for node in manifest["nodes"].values() if node["name"] == name]
        assert marts <= set(test["depends_on"]["nodes"]), f"{name} does not look at {marts}"


# ---- names -----------------------------------------------------------------------------------------------------------


def test_models_are_named_after_their_layer(manifest: Manifest) -> None:
    wrong = [
        node["original_file_path"]
        for node in _models(manifest)
        if not node["name"].startswith(PREFIXES.get(_layer(node), ("",)))
        or not re.fullmatch(r"[a-z][a-z0-9_]*", node["name"])
        or (
            _layer(node) in ("kpis", "quality")
            and node["name"].startswith(("base_", "stg_", "int_", "dim_", "fct_", "agg_"))
        )
    ]
    assert not wrong


def test_marts_are_in_their_own_schemas(manifest: Manifest) -> None:
    schemas = {_layer(node): node["schema"] for node in _models(manifest)}
    assert {layer: schemas[layer] for layer in ("core", "periods", "kpis", "quality")} == {
        "core": "core",
        "periods": "periods",
        "kpis": "kpis",
        "quality": "quality",
    }


def test_singular_tests_are_named_after_what_they_look_at(manifest: Manifest) -> None:
    names = {node["name"] for node in _models(manifest)} | set(SINGULAR_SUBJECTS)
    wrong = [
        name
        for name, _ in _sql("tests/dbt")
        if Path(name).parent.name != "generic" and Path(name).stem.split("__")[0] not in names
    ]
    assert not wrong


def test_singular_tests_begin_with_what_must_hold() -> None:
    wrong = [
        name
        for name, text in _sql("tests/dbt")
        if Path(name).parent.name != "generic" and not re.match(r"-- \S.{30,}", text)
    ]
    assert not wrong


# ---- models ----------------------------------------------------------------------------------------------------------


def test_every_model_has_a_description(manifest: Manifest) -> None:
    wrong = sorted(node["original_file_path"] for node in _models(manifest) if not node["description"].strip())
    assert not wrong, f"{len(wrong)} without a description:\n" + "\n".join(wrong)


def test_every_published_column_has_a_description(manifest: Manifest) -> None:
    """Readers see the marts; a contract says that these are all their columns."""
    wrong = [
        f"{node['name']}: {', '.join(columns) or 'no column at all'}"
        for node in _models(manifest)
        if _layer(node) == "kpis"
        for columns in [[name for name, one in node["columns"].items() if not one["description"].strip()]]
        if columns or not node["columns"]
    ]
    assert not wrong, "\n".join(wrong)


def test_marts_and_staging_have_an_enforced_contract(manifest: Manifest) -> None:
    wrong = sorted(
        node["name"]
        for node in _models(manifest)
        if _layer(node) in ("staging", "core", "kpis") and not node["config"]["contract"]["enforced"]
    )
    assert not wrong, f"{len(wrong)} without a contract: {', '.join(wrong)}"


def test_every_model_has_a_test_of_its_grain(manifest: Manifest) -> None:
    """`unique` or `unique_grain`; a model of one row by its grain needs none, a base model keeps every raw record."""
    tested = {
        node["attached_node"]
        for node in manifest["nodes"].values()
        if node["resource_type"] == "test" and node.get("test_metadata", {}).get("name") in ("unique", "unique_grain")
    }
    wrong = sorted(
        node["name"]
        for node in _models(manifest)
        if node["unique_id"] not in tested
        and _layer(node) != "base"
        and not re.search(r"^-- grain: one row( *$|:)", node["raw_code"], flags=re.MULTILINE)
    )
    assert not wrong, f"{len(wrong)} without a test of the grain: {', '.join(wrong)}"


def test_models_begin_with_their_grain() -> None:
    wrong = []
    for name, text in _sql("models"):
        lines = [line for line in text.splitlines() if not line.startswith("-- Generated by ")]
        if not lines[0].startswith("-- grain: one row"):
            wrong.append(name)
    assert not wrong


def test_models_end_with_final() -> None:
    """A model whose whole body is one macro has no `final` of its own."""
    wrong = [
        name
        for name, text in _sql("models")
        if text.rstrip().splitlines()[-1] != "select * from final"
        and not re.fullmatch(r"\{\{[^{}]*\}\}", re.sub(r"^--[^\n]*\n", "", text, flags=re.MULTILINE).strip())
    ]
    assert not wrong


def test_marts_list_their_columns() -> None:
    """The last CTE of a mart names every column, and what a mart imports it imports by name."""
    wrong = []
    for name, text in _sql("models"):
        if not name.startswith(("models/marts/", "models/quality/")):
            continue
        code = _code(text)
        final = code.partition("final as (")[2].rpartition("select * from final")[0]
        if re.search(r"(select|,)\s+(\w+\.)?\*", final):
            wrong.append(f"{name}: `*` in final")
        for imported in re.findall(r"select\s+\*\s+from\s+\{\{\s*ref\((?:'')\)", code):
            wrong.append(f"{name}: {' '.join(imported.split())}")
    assert not wrong, "\n".join(wrong)


def test_seeds_snapshots_sources_and_their_columns_are_described(manifest: Manifest) -> None:
    nodes = [node for node in manifest["nodes"].values() if node["resource_type"] in ("seed", "snapshot")]
    wrong = [node["name"] for node in [*nodes, *manifest["sources"].values()] if not node["description"].strip()]
    for node in [*nodes, *manifest["sources"].values()]:
        wrong += [f"{node['name']}.{n}" for n, one in node["columns"].items() if not one["description"].strip()]
    for node in nodes:
        if node["resource_type"] == "seed":
            header = (REPOSITORY / node["original_file_path"]).read_text(encoding="utf-8").splitlines()[0].split(",")
            wrong += [f"{node['name']}.{name}" for name in header if name not in node["columns"]]
    assert not wrong


def test_macro_files_say_what_they_are_for() -> None:
    """Macros are explained by a comment above them; a file begins with one."""
    assert not [name for name, text in _sql("macros") if not text.startswith("{#")]


# ---- SQL -------------------------------------------------------------------------------------------------------------


def test_engines_differ_in_one_folder() -> None:
    pattern = r"\badapter\.dispatch\b|\btarget\.type\b|\bmacro (duckdb|spark|default)__"
    wrong = [
        f"{name}: {', '.join(sorted(set(found)))}"
        for folder in ("macros", "models", "snapshots", "analyses", "tests/dbt")
        for name, text in _sql(folder)
        if not name.startswith("macros/engine/")
        and (found := [one.group(0) for one in re.finditer(pattern, re.sub(r"\{#.*?#\}", "", text, flags=re.DOTALL))])
    ]
    assert not wrong, "\n".join(wrong)


def test_every_macro_of_an_engine_has_a_macro_test() -> None:
    """Whatever differs between engines is called, by name, in tests/dbt/macros, which runs on all of them."""
    tests = "\n".join(text for _, text in _sql("tests/dbt/macros"))
    versions = [
        name for _, text in _sql("macros/engine") for name in re.findall(r"macro (?:duckdb|spark|default)__(\w+)", text)
    ]
    assert set(TESTED_ELSEWHERE) <= set(versions), "TESTED_ELSEWHERE names a macro that does not exist"
    missing = sorted(name for name in set(versions) - set(TESTED_ELSEWHERE) if not re.search(rf"\b{name}\(", tests))
    assert not missing, f"Add a test to tests/dbt/macros for: {', '.join(missing)}"


def test_models_use_no_syntax_of_one_engine() -> None:
    words = (
        r"\bqualify\b|\bgroup by all\b|\bfilter\s*\(\s*where\b|\bstrftime\b|::|\bstruct_pack\b|\blist_\w+\("
        r"|\bselect \* (exclude|replace)\b|//"
    )
    wrong = [
        f"{name}: {found.group(0)}"
        for folder in ("models", "tests/dbt", "analyses")
        for name, text in _sql(folder)
        if (found := re.search(words, _code(text), flags=re.IGNORECASE))
    ]
    assert not wrong, "\n".join(wrong)


def test_no_literal_has_a_doubled_quote() -> None:
    """Spark reads `'l''an'` as two literals, and makes `lan` of it: `sql_text` writes what each engine reads."""
    wrong = [
        f"{name}: {found.group(0)}"
        for folder in ("macros", "models", "snapshots", "analyses", "tests/dbt")
        for name, text in _sql(folder)
        if (found := re.search(r"\w''\w", re.sub(r"\{#.*?#\}|--[^\n]*", "", text, flags=re.DOTALL)))
    ]
    assert not wrong, "\n".join(wrong)


def test_models_divide_through_safe_divide() -> None:
    wrong = [
        f"{name}: {line.strip()}"
        for name, text in _sql("models")
        for line in _code(text).splitlines()
        if re.search(r"/|\bdiv\b", line)
    ]
    assert not wrong, "\n".join(wrong)


def test_the_real_clock_is_read_in_one_place() -> None:
    wrong = [
        f"{name}: {found.group(0)}"
        for folder in ("models", "macros", "snapshots", "analyses", "tests/dbt")
        for name, text in _sql(folder)
        if name != CLOCK_FILE
        and (found := re.search(CLOCKS, re.sub(r"\{#.*?#\}|--[^\n]*", "", text, flags=re.DOTALL), flags=re.IGNORECASE))
    ]
    assert not wrong, "\n".join(wrong)
    assert re.search(CLOCKS, (REPOSITORY / CLOCK_FILE).read_text(encoding="utf-8"))


def test_models_name_no_schema(manifest: Manifest) -> None:
    """Relations are read through `ref` and `source` only."""
    names = "|".join(
        sorted(
            {
                node["name"]
                for node in manifest["nodes"].values()
                if node["resource_type"] in ("model", "seed", "snapshot")
            }
            | {node["name"] for node in manifest["sources"].values()}
        )
    )
    schemas = "|".join(sorted({node["schema"] for node in _models(manifest)} | {"raw", "history"}))
    pattern = rf"\b({schemas})\.({names})\b|^\s*(from|[a-z ]*join)\s+[a-z_\"]+\.[a-z_\"]+"
    wrong = [
        f"{name}: {found.group(0)}"
        for folder in ("models", "tests/dbt", "analyses")
        for name, text in _sql(folder)
        if (found := re.search(pattern, _code(text), flags=re.MULTILINE))
    ]
    assert not wrong, "\n".join(wrong)


# ---- yml -------------------------------------------------------------------------------------------------------------


def _unknown_keys(error: Any) -> Iterator[str]:
    if error.context:
        for one in error.context:
            yield from _unknown_keys(one)
    elif error.validator == "additionalProperties" and not error.message.endswith(KEY_OF_METRICS):
        yield f"{'.'.join(str(part) for part in error.absolute_path)}: {error.message}"


def test_yml_files_have_no_unknown_key() -> None:
    """A misspelt key is silently ignored by dbt on DuckDB, and a test under it never runs."""
    validator = dbt_schemas.CustomDraft7Validator(dbt_schemas.resources_schema())
    wrong = [
        f"{name}: {key}"
        for folder in ("models", "seeds", "snapshots", "macros", "tests/dbt")
        for name, content in _yaml(folder)
        for error in validator.iter_errors(content)
        for key in _unknown_keys(error)
    ]
    project = yaml.safe_load((REPOSITORY / "dbt_project.yml").read_text(encoding="utf-8"))
    for error in dbt_schemas.CustomDraft7Validator(dbt_schemas.project_schema()).iter_errors(project):
        wrong += [f"dbt_project.yml: {key}" for key in _unknown_keys(error)]
    assert not wrong, "\n".join(wrong)


def _data_tests(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key in ("data_tests", "tests"):
                for test in inner:
                    yield f"{path}.{key}", test
            yield from _data_tests(inner, f"{path}.{_name_of(inner, key)}")
    elif isinstance(value, list):
        for inner in value:
            yield from _data_tests(inner, f"{path}.{_name_of(inner, '')}")


def _name_of(value: Any, key: str) -> str:
    return str(value.get("name", key)) if isinstance(value, dict) else key


def test_data_tests_pass_their_arguments_as_arguments() -> None:
    wrong = []
    for folder in ("models", "seeds", "snapshots"):
        for name, content in _yaml(folder):
            for path, test in _data_tests(content):
                if path.endswith(".tests"):
                    wrong.append(f"{name}{path}: `data_tests`, not `tests`")
                if isinstance(test, dict):
                    (options,) = test.values()
                    wrong += [
                        f"{name}{path}: {key}"
                        for key in set(options or {}) - {"arguments", "config", "name", "description"}
                    ]
    assert not wrong, "\n".join(wrong)


def test_warnings_have_a_reason_and_a_threshold(manifest: Manifest) -> None:
    wrong = [
        node["name"]
        for node in manifest["nodes"].values()
        if node["resource_type"] == "test"
        and node["config"]["severity"].lower() == "warn"
        and not (node["config"]["meta"].get("reason") and node["config"]["warn_if"] != "!= 0")
    ]
    assert not wrong


# ---- texts -----------------------------------------------------------------------------------------------------------


def test_no_file_mentions_what_is_not_the_projects(tracked: list[str]) -> None:
    """Paths of one machine, and notes for later that belong in a list of issues."""
    words = "|".join(["TO" + "DO", "FIX" + "ME"])
    pattern = re.compile(r"(?<![\w.])/(?:wor" + r"k|ho" + r"me|Us" + r"ers)/\w" + rf"|\b(?:{words})\b")
    wrong = []
    for name in tracked:
        if name.startswith("sample_data/"):
            continue
        try:
            text = (REPOSITORY / name).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        wrong += [
            f"{name}:{n}: {line.strip()[:100]}" for n, line in enumerate(text.splitlines(), 1) if pattern.search(line)
        ]
    assert not wrong, "\n".join(wrong)
