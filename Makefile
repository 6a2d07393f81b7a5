# Each target sets up what it needs, once, and again when a lock changes. `make` alone says what there is.

HOST ?= 127.0.0.1
PORT ?= 8000
WORKERS ?= logical
ARGS ?=
export HOST PORT

BIN := .venv/bin
CHECKED := src tests $(wildcard bench soak)

help:  ## Say what there is
	@sed -n 's/^\([a-z-]*\):.*  ## \(.*\)/make \1|\2/p' Makefile | while IFS='|' read -r name says; do printf '%-18s %s\n' "$$name" "$$says"; done

run: .venv/.run  ## Start the product on SQLite at HOST:PORT (127.0.0.1:8000) and say what to open
	@$(BIN)/besitos run $(ARGS)

test: .venv/.dev  ## Run the tests; they bring their own PostgreSQL and Redis-protocol server
	$(BIN)/pytest -n $(WORKERS) --maxprocesses 8 $(ARGS)

check: .venv/.dev  ## Format, lint, types, imports and tidiness, changing nothing
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy $(CHECKED)
	$(BIN)/lint-imports
	$(BIN)/pytest -q tests/test_tidy.py

format: .venv/.dev  ## Write the code the way check wants to see it
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: .venv/.dev  ## Measure the core beside its peers
	$(BIN)/python -m bench $(ARGS)

bench-large: .venv/.dev  ## Measure it again at a million members and twenty million transactions
	$(BIN)/python -m bench.large $(ARGS)

soak: .venv/.dev  ## Kill, race and cut it for a long time, and audit what is left; goes on where it stopped
	$(BIN)/python -m soak $(ARGS)

lock:  ## Remake requirements/*.txt from pyproject.toml (ARGS=--upgrade takes the newest)
	tools/lock.sh $(ARGS)

clean:  ## Forget the setup and every cache
	rm -rf .venv .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache .schemathesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/.run: requirements/run.txt pyproject.toml tools/setup.sh
	@tools/setup.sh run
	@touch $@

.venv/.dev: requirements/dev.txt pyproject.toml tools/setup.sh
	@tools/setup.sh dev
	@touch $@ .venv/.run

.PHONY: help run test check format bench bench-large soak lock clean
