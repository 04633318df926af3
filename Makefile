# つながり. `make demo` and `make test` do everything on a machine that has python3 (3.11 to 3.14) and make.
#   make demo PORT=8123 DATA_DIR=/some/folder      another port, another place for the data
#   DATABASE_URL=postgresql://… make demo          a PostgreSQL server (16 or later) instead of the embedded one

PORT ?= 8000
DATA_DIR ?= $(CURDIR)/.data
PYTHON ?= python3
VENV ?= $(CURDIR)/.venv
PYTEST_ARGS ?=

BIN := $(VENV)/bin
TSUNAGARI := $(BIN)/tsunagari
export TSUNAGARI_DATA_DIR := $(abspath $(DATA_DIR))
export PATH := $(BIN):$(PATH)
unexport PYTHONDONTWRITEBYTECODE PYTHONHOME PYTHONPATH

.PHONY: demo demo-reset run test check browser manual bench lock clean environment environment-dev
.DEFAULT_GOAL := demo

demo: environment ## the system with a fictional town, on 127.0.0.1:PORT
	@exec $(TSUNAGARI) demo --port $(PORT)

demo-reset: environment ## the same, the town made anew
	@exec $(TSUNAGARI) demo --reset --port $(PORT)

run: environment ## development server: reloads when a file changes
	@exec $(TSUNAGARI) run --port $(PORT)

test: environment-dev ## every test
	@scripts/test.sh $(PYTEST_ARGS)

browser: environment-dev ## the tests that drive a browser
	@scripts/test.sh -m browser $(PYTEST_ARGS)

manual: environment-dev ## take the pictures of docs/manual anew
	@TSUNAGARI_MANUAL_SHOTS=1 scripts/test.sh -n 0 tests/browser/test_manual_shots.py $(PYTEST_ARGS)

check: environment-dev ## what must hold before a commit: lint, types, layers, sizes, fast tests
	@scripts/check.sh

bench: environment-dev ## benchmarks/README.md says what is measured
	@$(BIN)/python -m benchmarks $(BENCH_ARGS)

lock: environment-dev ## write the lock files anew from pyproject.toml
	@UV=$(BIN)/uv scripts/lock.sh --upgrade

environment:
	@$(PYTHON) scripts/bootstrap.py $(VENV) run

environment-dev:
	@$(PYTHON) scripts/bootstrap.py $(VENV) dev

clean: ## what can be made again; the data stays
	rm -rf $(VENV) build dist staticfiles test-results .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
	find src tests scripts -name __pycache__ -type d -prune -exec rm -rf {} +
