# Needs Python 3.11 or newer, git and make; pip brings the rest. Everything lands in .venv and .cache.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

VENV ?= .venv
WORKERS ?= auto
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check
LOCK := $(BIN)/uv pip compile pyproject.toml --quiet --universal --generate-hashes \
	--no-emit-index-url --no-annotate --custom-compile-command "make lock" $(if $(UPGRADE),--upgrade)

# Stamps say what the environment holds; each depends on what decides that.
RUN_READY := $(VENV)/.holdfast-run
DEV_READY := $(VENV)/.holdfast-dev

.PHONY: help demo test check bench format lock compose-secrets clean

help: ## Print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(RUN_READY) ## Ingest the sample estate, print the three answers, serve (NO_SERVE=1: print only)
	@$(BIN)/holdfast demo

test: $(DEV_READY) ## Run every test and print the coverage (PYTEST_ARGS=... is passed on)
	@$(BIN)/python -m pytest -q -n $(WORKERS) --dist loadgroup --cov --cov-report=term $(PYTEST_ARGS)

check: $(DEV_READY) ## Formatting, lint, types and import rules
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/pyright --pythonpath $(BIN)/python
	$(BIN)/lint-imports --no-logo

bench: $(RUN_READY) ## Measure speed and memory of every source (BENCH_ARGS="aws --records 500"; docs/performance.md)
	@$(BIN)/python -m bench $(BENCH_ARGS)

format: $(DEV_READY) ## Format the code and apply the safe lint fixes
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock: $(DEV_READY) ## Bring requirements/ in line with pyproject.toml (UPGRADE=1: take newer versions)
	$(LOCK) --group build --output-file requirements/run.txt
	$(LOCK) --group build --extra py2neo --extra mlflow --group test --group check \
		--constraint requirements/run.txt --output-file requirements/dev.txt

compose-secrets: .secrets/neo4j_password ## Make the password files that docker compose reads

clean: ## Remove the environment and the caches; stores are data and stay
	rm -rf $(VENV) .cache .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .coverage

# ---------------------------------------------------------------- how the above come to be

$(BIN)/python:
	@.ci/make-venv $(VENV)

# The install is editable: a `git pull` needs no other step unless a pin or pyproject.toml changed.
$(RUN_READY): requirements/run.txt pyproject.toml | $(BIN)/python
	@echo "Installing the pinned packages into $(VENV)"
	@$(PIP) install --require-hashes --no-deps -r requirements/run.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(DEV_READY): requirements/dev.txt $(RUN_READY)
	@echo "Installing the pinned test and check packages into $(VENV)"
	@$(PIP) install --require-hashes --no-deps -r requirements/dev.txt
	@touch $@

# The folder keeps others on the host out; the files are readable because the containers' users differ.
.secrets/neo4j_password:
	@mkdir -p -m 700 .secrets
	@python3 -c 'import secrets; print(secrets.token_urlsafe(24), end="")' > $@
	@{ printf 'neo4j/'; cat $@; } > .secrets/neo4j_auth
	@chmod 644 $@ .secrets/neo4j_auth
