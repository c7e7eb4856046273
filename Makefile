# Widgetstream. `make` alone lists what there is.

# Recipes stop at the first failure, also inside a pipe; a target whose recipe failed is not taken for made.
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.SUFFIXES:
.DEFAULT_GOAL := help
MAKEFLAGS += --warn-undefined-variables --no-builtin-rules --no-print-directory

VENV := .venv
BIN := $(VENV)/bin
# npm and what it runs are scripts for `node`, which stands in .venv.
NPM := PATH="$(CURDIR)/$(BIN):$$PATH" $(CURDIR)/$(BIN)/npm --prefix clients
# Options for the tests: make test TESTS=server/tests/rpc ARGS='-k status'
TESTS ?=
ARGS ?=
# Which tests in the browser: make test-web-e2e E2E='tasks -g "by chat"'
E2E ?=
# Options for the benchmarks: make bench BENCH='--help'
BENCH ?=
# Options for uv: make lock LOCK=--upgrade
LOCK ?=
# Options for `widgetstream up`: make run UP=--no-web
UP ?=

.PHONY: help
help: ## List the targets
	@awk 'BEGIN {FS = ":.*## "} /^[a-z][a-z-]*:.*## / {printf "  \033[36m%-14s\033[0m %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# ---- Setup -----------------------------------------------------------------------------------------------------------

.PHONY: setup
setup: $(VENV)/.installed third_party/.filled ## Make .venv with all dependencies, and fetch the imported protos

$(BIN)/python:
	@python=$$(tools/find_python.sh); echo "$(VENV): $$($$python --version)"; $$python -m venv $(VENV)

$(VENV)/.installed: requirements/dev.lock pyproject.toml clients/python/pyproject.toml tools/install.py tools/pip_indexes.py | $(BIN)/python
	@echo "$(VENV): installing requirements/dev.lock"
	@$(BIN)/python -m tools.install requirements/dev.lock . clients/python
	@touch $@

third_party/.filled: requirements/protovalidate-source.lock requirements/dev.lock tools/third_party.py | $(VENV)/.installed
	@echo "third_party: google/api, google/rpc, buf/validate"
	@$(BIN)/python -m tools.third_party requirements/protovalidate-source.lock third_party
	@touch $@

# Node: the machine's own when it is new enough, else the one from PyPI.
$(VENV)/.node: requirements/node.lock tools/node.py | $(VENV)/.installed
	@$(BIN)/python -m tools.node requirements/node.lock
	@touch $@

.PHONY: setup-web
setup-web: clients/node_modules/.installed ## Make clients/node_modules, with Node from PyPI where the machine has none

clients/node_modules/.installed: clients/package-lock.json $(VENV)/.node
	@echo "clients/node_modules: installing clients/package-lock.json"
	@$(NPM) ci --loglevel=error
	@touch $@

.PHONY: build-web
build-web: setup-web clients/web/.next/.built ## Build the TypeScript packages and the web page

# Anew only when something has changed that goes into it.
WEB_SOURCES := $(shell find clients/typescript clients/react clients/web clients/package.json clients/tsconfig.base.json \
	\( -name node_modules -o -name dist -o -name .next -o -name e2e \) -prune -o -type f ! -name '*.tsbuildinfo' ! -name next-env.d.ts -print)

clients/web/.next/.built: clients/node_modules/.installed $(WEB_SOURCES)
	@echo "clients/web: building the web page"
	@NEXT_TELEMETRY_DISABLED=1 $(NPM) run --silent build
	@touch $@

.PHONY: lock
lock: setup ## Pin the dependencies of pyproject.toml anew (LOCK=--upgrade for the newest)
	@$(BIN)/python -m tools.lock $(LOCK)

# ---- Run -------------------------------------------------------------------------------------------------------------

.PHONY: run
run: setup $(if $(findstring --no-web,$(UP)),,build-web) ## Start the server, the web page and Envoy, and say when all doors answer
	@exec $(BIN)/widgetstream up $(UP)

.PHONY: bench
bench: setup ## Measure latency, event cost, memory and start-up
	@PYTHONPATH=server exec $(BIN)/python -m benchmarks $(BENCH)

# ---- Generate and format ---------------------------------------------------------------------------------------------

.PHONY: generate
generate: setup setup-web ## Generate from proto/: descriptor set, Python and TypeScript code, Envoy's configuration, tables of the contract
	@$(BIN)/python -m tools.generate
	@$(BIN)/python -m tools.generate_builders
	@$(BIN)/python -m tools.generate_typescript
	@$(BIN)/python -m tools.generate_specimens
	@$(BIN)/python -m tools.contract_tables
	@env -i PATH="$$PATH" $(BIN)/widgetstream envoy-config > envoy/envoy.yaml.new && mv envoy/envoy.yaml.new envoy/envoy.yaml

.PHONY: format
format: setup setup-web ## Format Python, protos and TypeScript, and fix what can be fixed without thought
	@$(BIN)/ruff check --quiet --fix-only
	@$(BIN)/ruff format --quiet
	@$(BIN)/buf format --write proto
	@$(NPM) run --silent format

# ---- Check and test --------------------------------------------------------------------------------------------------

.PHONY: check
check: lint breaking checkgenerate ## All static checks; the tree stays as it is

.PHONY: lint
lint: lint-python lint-types lint-imports lint-proto lint-web ## Formatting, lint, types, import law, protos, TypeScript

.PHONY: lint-python
lint-python: setup
	@$(BIN)/ruff format --check --diff --quiet
	@$(BIN)/ruff check --quiet

# Two runs, because both parts have a package of tests that is called `tests`.
.PHONY: lint-types
lint-types: setup
	@$(BIN)/mypy server clients/python/widgetstream tools
	@if [ -d clients/python/tests ]; then $(BIN)/mypy clients/python/tests; fi

.PHONY: lint-imports
lint-imports: setup
	@$(BIN)/lint-imports --no-logo

.PHONY: lint-proto
lint-proto: setup
	@$(BIN)/buf lint
	@$(BIN)/buf format --diff --exit-code proto

.PHONY: lint-web
lint-web: setup-web
	@$(NPM) run --silent build:packages
	@$(NPM) run --silent lint
	@NEXT_TELEMETRY_DISABLED=1 $(NPM) run --silent --workspace=web types

.PHONY: breaking
breaking: setup ## Compare proto/ with what it was (BASE=<commit>)
	@tools/check_breaking.sh

.PHONY: checkgenerate
checkgenerate: setup setup-web ## Say which generated files are not up to date
	@$(BIN)/python -m tools.generate --check
	@$(BIN)/python -m tools.generate_builders --check
	@$(BIN)/python -m tools.generate_typescript --check
	@$(BIN)/python -m tools.generate_specimens --check

.PHONY: test
test: $(if $(TESTS)$(ARGS),,test-web) test-python ## Run all tests (TESTS=<paths> ARGS=<pytest options>: in Python alone)

.PHONY: test-python
test-python: setup ## Run the tests in Python alone (TESTS=<paths> ARGS=<pytest options>)
	@$(BIN)/python -m pytest $(TESTS) $(ARGS)

.PHONY: test-web
test-web: test-web-units test-web-e2e ## Run the tests of the TypeScript packages and of the web page

.PHONY: test-web-units
test-web-units: setup build-web
	@$(NPM) run --silent test

# In a real browser, against all that `make run` starts; screenshots go to build/screenshots.
CHROMIUM ?= $(firstword $(shell command -v chromium chromium-browser google-chrome 2>/dev/null))
.PHONY: test-web-e2e
test-web-e2e: setup build-web
	@if [ -n "$(CHROMIUM)" ]; then \
	  CHROMIUM="$(CHROMIUM)" $(NPM) run --silent --workspace=web test:e2e -- $(E2E); \
	elif [ -n "$${CI:-}" ]; then \
	  echo "the web page's tests need Chromium" >&2; exit 1; \
	else \
	  echo "The web page's tests in a browser are left out: there is no Chromium (Debian: apt install chromium)."; \
	fi

.PHONY: bench-web
bench-web: setup build-web ## Measure the panel's size, its updates, what people wait for, and what Lighthouse says (needs Chromium)
	@CHROMIUM="$(CHROMIUM)" $(NPM) run --silent measure

MODEL_VENV := build/model-venv

$(MODEL_VENV)/.installed: requirements/model.lock requirements/model.cmake tools/model_server.py | $(VENV)/.installed
	@$(BIN)/python -m tools.model_server requirements/model.lock $(MODEL_VENV)
	@touch $@

.PHONY: test-model
test-model: setup $(MODEL_VENV)/.installed ## Run the assistant on a real model, with a real server (needs a C++ compiler)
	@MODEL_VENV=$(MODEL_VENV) $(BIN)/python -m pytest -v server/real_model $(ARGS)

# ---- Clean -----------------------------------------------------------------------------------------------------------

.PHONY: clean
clean: ## Remove what setup, checks and tests made; data stays
	@rm -rf $(VENV) clients/node_modules clients/*/dist clients/*/*.tsbuildinfo clients/web/.next third_party .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache build dist
	@find server clients tools -name __pycache__ -type d -prune -exec rm -rf {} +
