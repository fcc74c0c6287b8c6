# Needs GNU make, git and python3 >= 3.11. `make help` lists the targets.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
# Spark has an environment of its own, half a gigabyte larger.
SPARK_VENV := .venv-spark
SPARK_BIN := $(SPARK_VENV)/bin
SPARK_READY := $(SPARK_VENV)/.ready
PARITY ?= sample maven_crm scale_30
SCALE ?= 1
SEED ?= 42
FOLDERS ?= 10
EXAMPLES ?= 40
FRESH ?=
MUTANTS ?= 200
OUT ?= sample_data
# Of `make soak`.
KILLS ?= 200
PUBLISHES ?= 50
READERS ?= 8

# Nothing here may report usage anywhere.
export DBT_SEND_ANONYMOUS_USAGE_STATS := false

.DEFAULT_GOAL := help
.PHONY: help setup build test oracle properties defects mutants soak lint format clean contract article bad-input sample lock build-spark test-spark test-spark-ci parity dialects

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# The stamp is written last, so an interrupted installation starts over.
$(READY): requirements.txt requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Boussole needs Python 3.11 or later: make PYTHON=/path/to/python3.11"; exit 1; }
	@echo "Installing the packages of requirements.lock into $(VENV) …"
	@$(PYTHON) -m venv --clear $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	@$(BIN)/python -m pip check
	@touch $@

setup: $(READY) ## Create or update the virtual environment

build: $(READY) ## Build the warehouse from sample_data/ and publish it
	@$(BIN)/python -m orchestration run

$(SPARK_READY): requirements.lock requirements-spark.txt
	@java -version > /dev/null 2>&1 || test -x "$$JAVA_HOME/bin/java" \
		|| { echo "Spark needs Java 17 and there is none: install it (Debian, Ubuntu: apt install openjdk-17-jre-headless) or set JAVA_HOME."; exit 1; }
	@echo "Installing Spark into $(SPARK_VENV) …"
	@$(PYTHON) -m venv --clear $(SPARK_VENV)
	@$(SPARK_BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock -r requirements-spark.txt
	@$(SPARK_BIN)/python -m pip check
	@touch $@

build-spark: $(SPARK_READY) ## The same as `make build`, on Spark
	@$(SPARK_BIN)/python -m orchestration run --target spark

test-spark: $(SPARK_READY) ## Build the sample on Spark with every test, and compare it with DuckDB (30 minutes)
	@$(SPARK_BIN)/python -m pytest tests/spark
	@$(SPARK_BIN)/python -m tests.parity --with-tests

test-spark-ci: $(SPARK_READY) ## The quick part of test-spark
	@$(SPARK_BIN)/python -m pytest tests/spark/test_marts.py

parity: $(SPARK_READY) ## Build three data sets (PARITY) on DuckDB and on Spark and compare every row that people read
	@$(SPARK_BIN)/python -m tests.parity $(PARITY)

dialects: $(READY) ## Rewrite docs/DIALECTS.md: what a port to four other engines would write
	@mkdir -p target/dialects
	@BOUSSOLE_DATABASE=target/dialects/boussole.duckdb $(BIN)/dbt --quiet compile --select resource_type:model --target-path target/dialects > /dev/null
	@$(BIN)/python -m tests.dialects target/dialects/compiled/boussole/models

test: $(READY) ## Run every test; the warehouse they need is built in a temporary folder
	@$(BIN)/python -m pytest -n 2 --dist loadfile

oracle: $(READY) ## Compare every value of every mart with an independent calculation: the sample, FOLDERS random folders, real data
	@$(BIN)/python -m tests.oracle --folders $(FOLDERS)

properties: $(READY) ## Check what must hold of every raw folder on EXAMPLES folders for each of eight properties (half an hour; FRESH=1: on others)
	@EXAMPLES=$(EXAMPLES) FRESH=$(FRESH) $(BIN)/python -m pytest -n 2 tests/harness tests/properties

defects: $(READY) ## Show that each known defect of KPIs makes its unit test fail
	@$(BIN)/python -m tests.mutants

mutants: $(READY) ## Make MUTANTS small mistakes in models and macros and rewrite docs/MUTANTS.md: what noticed them (half an hour; goes on where it stopped)
	@$(BIN)/python -m tests.mutants.generated --count $(MUTANTS)

soak: $(READY) ## Kill runs at random moments, publish under readers, run twice at once (hours; KILLS, PUBLISHES, READERS)
	@$(BIN)/python -m tests.soak readers --publications $(PUBLISHES) --readers $(READERS)
	@$(BIN)/python -m tests.soak publications --count $(KILLS)
	@$(BIN)/python -m tests.soak together
	@$(BIN)/python -m tests.soak kills --count $(KILLS)

lint: $(READY) ## Check SQL and Python: style, formatting and types
	@mkdir -p target/lint
	BOUSSOLE_DATABASE=target/lint/boussole.duckdb $(BIN)/sqlfluff lint models tests/dbt analyses 2> >(grep -v 'nanobind\|leaked\|skipped remainder' >&2)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy orchestration tests/bad_input tests/python tests/harness tests/properties tests/mutants tests/oracle tests/parity tests/soak tests/spark tests/dialects

format: $(READY) ## Put Python code in the project's format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

contract: $(READY) ## Rewrite the files that are generated from the raw contract
	@$(BIN)/python -m orchestration contract

article: build ## Rewrite docs/ARTICLE.md, the KPIs of the article with their values on the sample
	@$(BIN)/dbt --quiet compile --select kpis_of_the_article > /dev/null
	@$(BIN)/python -m orchestration.article

bad-input: $(READY) ## Rewrite docs/BAD_INPUT.md, what becomes of bad files and rows
	@$(BIN)/python -m tests.bad_input

sample: $(READY) ## Regenerate the sample data (SCALE, SEED, OUT)
	@$(BIN)/python -m orchestration sample --scale $(SCALE) --seed $(SEED) --out $(OUT)

lock: ## Pin again everything that requirements.txt pulls in
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT \
		&& $(PYTHON) -m venv "$$folder/venv" \
		&& "$$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check -r requirements.txt \
		&& { echo "# Every package of the environment, pinned. Written by \`make lock\` from requirements.txt; do not edit."; \
			"$$folder/venv/bin/python" -m pip freeze; } > "$$folder/lock" \
		&& cp "$$folder/lock" requirements.lock

clean: ## Remove everything that was built; history/ stays
	find warehouse -mindepth 1 -not -name .gitkeep -delete
	rm -rf target logs published dbt_packages .pytest_cache .hypothesis .mypy_cache .ruff_cache
	find . -name __pycache__ -type d -not -path './$(VENV)/*' -prune -exec rm -rf {} +
