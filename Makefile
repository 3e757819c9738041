# Two promises: `make up` shows the product, `make test` runs everything that CI runs. Both work on a bare machine with Python 3.11.
PORT ?= 8000
PEOPLE ?= 20000
SEED ?= 7
DATA ?= ./data
BIN := .venv/bin
STAMP := .venv/.installed

.DEFAULT_GOAL := help
.PHONY: help env up test fast e2e lint fix types bench slow lock clean system

help: ## list the targets
	@grep -hE '^[a-z0-9]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 8

env: $(STAMP) ## make .venv with the product, its development and benchmark extras

$(STAMP): requirements/dev.lock pyproject.toml scripts/env.sh
	@bash scripts/env.sh
	@touch $(STAMP)

up: $(STAMP) ## demo city, nightly batch, server; prints the address (PORT PEOPLE SEED DATA)
	@$(BIN)/python -m leye.site.build --if-stale
	@$(BIN)/leye up --port $(PORT) --people $(PEOPLE) --seed $(SEED) --data $(DATA)

system: ## Debian packages that the tests need: Chromium, fonts, PostgreSQL (installed where absent)
	@bash scripts/system.sh

test: $(STAMP) system lint types ## everything that CI runs
	@$(BIN)/python -m leye.site.build --if-stale
	@$(BIN)/pytest -n 2 --dist loadfile -m "not slow"

fast: $(STAMP) lint types ## lint, types, unit and architecture tests
	@$(BIN)/pytest -n 2 --dist loadfile -m "not slow and not e2e and not postgres" tests/unit tests/architecture

e2e: $(STAMP) system ## browser tests only
	@$(BIN)/python -m leye.site.build --if-stale
	@$(BIN)/pytest -m "not slow" tests/e2e

slow: $(STAMP) system ## the tests that take minutes; brings Java and PySpark where absent
	@bash scripts/spark.sh
	@$(BIN)/python -m leye.site.build --if-stale
	@$(BIN)/pytest -m slow

lint: $(STAMP) ## style, and locks without addresses
	@$(BIN)/ruff check . && $(BIN)/ruff format --check -q .
	@! grep -n '://' requirements/*.lock

fix: $(STAMP) ## mend what the linter can
	@$(BIN)/ruff check --fix -q . ; $(BIN)/ruff format -q .

types: $(STAMP) ## strict types
	@$(BIN)/mypy

bench: $(STAMP) ## one benchmark with its peer: make bench NAME=forecast_us_employment
	@$(BIN)/leye bench $(NAME)

lock: ## compile the hash-pinned locks anew
	@bash scripts/lock.sh

clean: ## remove what was built; data and .venv stay
	@rm -rf build dist src/leye/site/static/build .pytest_cache .mypy_cache .ruff_cache .hypothesis tests/e2e/shots
	@find src tests bench -name __pycache__ -type d -prune -exec rm -rf {} +
