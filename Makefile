# Everything a fresh machine needs is Python 3.11 or later, git and make. `make` alone lists the targets.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
BY_HASH := $(PIP) --require-hashes --no-deps
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header

# What the demonstration, the tests and the benchmarks are given: make test ARGS="tests/schedule -x"
ARGS ?=

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test faults lint types bench assets screenshots lock clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(VENV)/.runtime assets ## make the fictional county and serve it at 127.0.0.1:8000
	@echo "Starting the demonstration (Ctrl+C stops it)."
	@$(BIN)/meetings demo $(ARGS)

test: $(VENV)/.development assets ## run every test; says first what the machine lacks
	@$(BIN)/python scripts/needs.py
	@$(BIN)/python -m pytest --numprocesses auto $(ARGS)

faults: $(VENV)/.development assets ## 10,000 steps, 20 rounds of broken mail servers and kills, every page at every width
	@MEETINGS_FALLS_STEPS=10000 MEETINGS_FAULT_ROUNDS=20 MEETINGS_AXE_AT_EVERY_WIDTH=1 \
		$(BIN)/python -m pytest --numprocesses 2 tests/nothing_falls_off tests/jobs/test_faults.py \
		tests/browser/test_accessibility.py tests/browser/test_live.py $(ARGS)

lint: $(VENV)/.development ## check style, layout and which module imports which
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports

types: $(VENV)/.development ## check the types (mypy, strict)
	@$(BIN)/mypy

bench: $(VENV)/.development assets ## measure the speed figures, each as a ratio in one run
	@$(BIN)/python -m benchmarks $(ARGS)

assets: $(VENV)/.runtime ## bring the front-end files; does nothing when they are current
	@$(BIN)/python scripts/assets.py

screenshots: $(VENV)/.development assets ## make the README's pictures again
	@$(BIN)/python scripts/screenshots.py

lock: $(BIN)/python ## settle the pinned versions and hashes again, after a change to requirements/*.in
	@echo "Settling the versions in requirements/."
	@$(BY_HASH) -r requirements/lock.txt
	@for source in requirements/*.in; do \
		$(COMPILE) "$$source" --output-file "$${source%.in}.txt" >/dev/null || exit 1; \
	done

clean: ## delete caches and built files; the data in instance/ and the environment stay
	@rm -rf build dist static/vendor .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find . \( -path ./$(VENV) -o -path ./instance -o -path ./.git \) -prune \
		-o -type d \( -name __pycache__ -o -name '*.egg-info' \) -prune -exec rm -rf {} +
	@echo "Caches and built files are gone. instance/ and $(VENV)/ were left as they are."

$(BIN)/python:
	@$(PYTHON) scripts/needs.py python
	@echo "Making an environment in $(VENV)/ (once)."
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: requirements/runtime.txt requirements/build.txt pyproject.toml | $(BIN)/python
	@echo "Installing what the product needs, pinned by hash (about a minute)."
	@$(BY_HASH) -r requirements/runtime.txt
	@$(BY_HASH) -r requirements/build.txt
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.development: requirements/development.txt $(VENV)/.runtime
	@echo "Installing what the tests and checks need, pinned by hash."
	@$(BY_HASH) -r requirements/development.txt
	@touch $@
