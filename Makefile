.DEFAULT_GOAL := help
.PHONY: help run reset-demo test oracle cover check format migrate shots bench drill locks aturan

PYTHON := .venv/bin/python

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

run: ## Start the portal at http://127.0.0.1:8000 (PORT=8123 make run moves it)
	@scripts/run

reset-demo: ## Forget the data under var/ and start the demo afresh
	@scripts/reset-demo

test: ## Install what the tests need, run all of them (ARGS="tests/scoring -k seminar")
	@scripts/test $(ARGS)

oracle: ## Compare the engine with the oracle on 100,000 people per rule set
	@ORACLE_PEOPLE=100000 scripts/test tests/scoring/engine/test_oracle.py

cover: ## All tests with branch coverage; engine, workflow and permissions in full
	@scripts/test --cov --cov-report=term:skip-covered $(ARGS)
	@$(PYTHON) -m coverage report --fail-under=100 --include='portal/scoring/engine/*,portal/documents/transitions.py,portal/documents/workflow.py,portal/permissions.py'

check: ## Format, lint, types, arrows, templates, locks
	@scripts/check

format: ## Rewrite the code in the house format
	@scripts/ensure-venv dev
	@$(PYTHON) -m ruff format .
	@$(PYTHON) -m ruff check --fix-only .

migrate: ## Bring the database up to date
	@scripts/ensure-venv run
	@$(PYTHON) -m portal migrate

shots: ## Photograph every screen into docs/gambar/
	@scripts/ensure-venv dev
	@$(PYTHON) scripts/shots.py

bench: ## Measure everything into docs/bench.md (PART="halaman hitung" measures a part)
	@scripts/ensure-venv dev
	@$(PYTHON) -m tests.bench $(PART)

drill: ## Kills, a crush, eight desks, hostile files: 25 minutes (PART="bunuh serbu pemeriksa acak")
	@scripts/ensure-venv dev
	@scripts/ensure-test-tools
	@$(PYTHON) -m tests.bench $(or $(PART),bunuh serbu pemeriksa acak)

aturan: ## Renew docs/aturan.md from the rule set files
	@scripts/ensure-venv run
	@RULES_DIR= $(PYTHON) -m portal aturan > docs/aturan.md

locks: ## Renew the lock files from pyproject.toml
	@scripts/ensure-venv dev
	@$(PYTHON) -m uv pip compile --quiet pyproject.toml --generate-hashes --universal --python-version 3.11 -o requirements.lock
	@$(PYTHON) -m uv pip compile --quiet pyproject.toml --extra dev -c requirements.lock --generate-hashes --universal --python-version 3.11 -o requirements-dev.lock
