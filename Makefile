# Everything a fresh machine with Python 3.11 and make needs: `make demo`, `make test`, `make check`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
BENCH_VENV := .venv-bench
BENCH_PYTHON := $(BENCH_VENV)/bin/python
BENCH_READY := $(BENCH_VENV)/.ready

.DEFAULT_GOAL := help
.PHONY: help compiled demo test test-slow test-spark fuzz check bench bench-patterns docs clean

help: ## Show what can be made.
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 16

$(READY): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	touch $@

# Where Python is told to write no bytecode, each of many short processes would compile all modules anew.
compiled: $(READY)
	@$(BIN)/python -m compileall -q src

demo: $(READY) ## Load sample_data into .demo/ and show what it tells.
	@rm -rf .demo && mkdir .demo
	@BIN=$(BIN) sh docs/demo.sh

# Some wait for locks and signals: two processes would leave a sixth of two processors idle.
test: compiled ## Run the tests.
	$(BIN)/python -m pytest -n 3 --dist worksteal -m "not slow"

test-slow: compiled ## Run the tests that take longer.
	$(BIN)/python -m pytest -n 2 --dist worksteal -m slow

test-spark: compiled ## Run every analysis on a Spark SQL engine, too.
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[spark-test]'
	$(BIN)/python -m pytest -n 2 --dist worksteal tests/test_spark.py

fuzz: $(READY) ## Search five minutes for a log whose lines do not add up.
	$(BIN)/python -m pip install --quiet --disable-pip-version-check atheris
	$(BIN)/python -m tests.fuzz -max_total_time=300 -max_len=8192

check: $(READY) ## Style, types, import rules, docs and sample data in step.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python docs/generate.py --check
	$(BIN)/python sample_data/generate.py --check
	$(BIN)/python sample_data/generate_exposure.py --check

docs: $(READY) ## Write the generated pages anew.
	$(BIN)/python docs/generate.py

# errcli as its users install it: of the packages that only tests need, numpy alone makes every load import for 50 ms.
$(BENCH_READY): pyproject.toml
	$(PYTHON) -m venv $(BENCH_VENV)
	$(BENCH_PYTHON) -m pip install --quiet --disable-pip-version-check --editable '.[bench]'
	touch $@

bench: $(BENCH_READY) ## Print ratios against rivals, measured in this run.
	@$(BENCH_PYTHON) -m compileall -q src
	$(BENCH_PYTHON) bench/run.py

bench-patterns: $(BENCH_READY) ## Print how well and how fast messages are grouped, beside Drain3; BEFORE=REV for loading.
	@$(BENCH_PYTHON) -m compileall -q src
	$(BENCH_PYTHON) bench/patterns.py $(if $(BEFORE),--before $(BEFORE))

clean: ## Remove what was made.
	rm -rf $(VENV) $(BENCH_VENV) .demo dist build
