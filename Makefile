# `make` explains itself. Everything is installed into .venv, from the lock files, and nowhere else.

WEEK := 2026-W47
VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11 python3.14; do \
	command -v $$python >/dev/null 2>&1 && $$python -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' 2>/dev/null \
	&& echo $$python && break; done)
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
TESTS := $(BIN)/python -m pytest -n 2

.DEFAULT_GOAL := help
.PHONY: help run preview test test-long lint format bench docs mail-support picture screenshots lock clean

help: ## say what there is
	@echo "Digest: a weekly newsletter that compares newly shipped tools, two by two."
	@echo
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' Makefile

run: $(VENV)/run ## do the weekly job on the recorded feeds, into the outbox
	@$(BIN)/digest run --offline --approve --week $(WEEK)

preview: $(VENV)/run ## read the issue in the browser
	@$(BIN)/digest preview

test: $(VENV)/dev ## run the tests, the slow ones left out
	@$(TESTS) -m "not long"

test-long: $(VENV)/dev ## run the slow tests: kills, browsers, storms, whole corpora
	@$(TESTS) -m long

lint: $(VENV)/dev ## ruff, mypy, the floors of the house, and whether the docs are current
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/python docs/command_line.py --check
	@$(BIN)/python tests/fault_table.py --check
	@$(BIN)/python docs/checks.py --check

format: $(VENV)/dev ## put the code in order
	@$(BIN)/ruff check --fix-only .
	@$(BIN)/ruff format .

bench: $(VENV)/dev ## measure what people wait for, beside a limit
	@$(BIN)/python -m benches

docs: $(VENV)/dev ## write the pages that are generated
	@$(BIN)/python docs/command_line.py
	@$(BIN)/python tests/fault_table.py
	@$(BIN)/python docs/checks.py

mail-support: $(VENV)/dev ## renew what is known of mail programs (needs npm)
	@cd $$(mktemp -d) && npm pack --silent caniemail@2 >/dev/null && "$(CURDIR)/$(BIN)/python" "$(CURDIR)/docs/mail_support.py" caniemail-*.tgz

screenshots: $(VENV)/dev ## photograph the editors' application (needs Chromium)
	@$(BIN)/python docs/screenshots.py

picture: $(VENV)/dev ## draw the sample issue as good and poor mail programs show it (needs Chromium)
	@$(BIN)/python docs/picture.py

lock: $(VENV)/dev ## resolve the dependencies anew
	@$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header \
		--upgrade --group build pyproject.toml -o requirements.lock
	@$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header \
		--upgrade --group dev -c requirements.lock pyproject.toml -o requirements-dev.lock

clean: ## take away what was installed, not what was written
	rm -rf $(VENV) dist build .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "make: Python 3.11 to 3.14 with venv is needed; on Debian: apt-get install python3-venv" >&2; exit 2; }
	@echo "Making $(VENV) with $(PYTHON)…"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/run: $(BIN)/python pyproject.toml requirements.lock
	@echo "Installing what requirements.lock names…"
	@$(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/dev: $(VENV)/run requirements-dev.lock
	@echo "Installing what the tests need…"
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@
