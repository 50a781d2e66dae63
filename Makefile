# Linli 邻里. Two commands to begin with: `make demo` and `make test`. `make help` lists all.
SHELL := /bin/sh
PYTHON_IN := .venv/bin/python
LINLI := .venv/bin/linli
JOBS ?= 2
HOME_FOLDER ?= .linli
PORT ?= 8000
HOST ?= 127.0.0.1
ARGS ?=

.PHONY: help demo install install-dev test rounds thorough check lint format bench pictures faults messages assets lock upgrade clean

help: ## list the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

demo: install ## try Linli: installs what it needs, then serves until Ctrl-C (PORT=8000 HOST=127.0.0.1)
	@exec $(LINLI) demo --home $(HOME_FOLDER) --host $(HOST) --port $(PORT)

install:
	@tools/install.sh run

install-dev:
	@tools/install.sh dev

test: install-dev ## install what tests need and run them (JOBS=2 ARGS="-k word", ARGS=--costs)
	@tools/chromium.sh
	$(PYTHON_IN) -m pytest -n $(JOBS) --dist loadfile -m "not rounds" $(ARGS)

rounds: install-dev ## every door as everybody, every page in a browser, whole installations killed
	@tools/chromium.sh
	$(PYTHON_IN) -m pytest -n $(JOBS) --dist loadfile -m rounds $(ARGS)

thorough: install-dev ## the tests with everything they otherwise try a part of, and every fault in its short form
	@tools/chromium.sh
	LINLI_TEST_THOROUGH=1 $(PYTHON_IN) -m pytest -n $(JOBS) --dist loadfile $(ARGS)
	$(PYTHON_IN) -m faults --short

check: lint test rounds ## the one gate: format, lint, types, layers, locks, migrations, tests, rounds

lint: install-dev ## the gate without tests and rounds
	$(PYTHON_IN) -m ruff format --check .
	$(PYTHON_IN) -m ruff check .
	$(PYTHON_IN) -m mypy
	.venv/bin/lint-imports
	$(PYTHON_IN) tools/lock.py --check
	$(PYTHON_IN) tools/messages.py --check
	LINLI_TESTING=1 $(PYTHON_IN) -m django makemigrations --check --dry-run --settings linli.site.settings
	LINLI_SECRET_KEY=$$(head -c 48 /dev/urandom | base64) $(PYTHON_IN) -m django check --deploy \
	  --fail-level WARNING --settings linli.site.settings
	@if command -v npm >/dev/null; then $(MAKE) --no-print-directory assets-check; \
	  else echo "browser assets not rebuilt: no npm here (they are checked in)"; fi

format: install-dev ## put all code into the house's format
	$(PYTHON_IN) -m ruff format .
	$(PYTHON_IN) -m ruff check --fix .

bench: install-dev ## measure the main paths against a floor
	$(LINLI) bench all $(ARGS)

pictures: install-dev ## photograph the main pages into docs/pictures
	@tools/chromium.sh
	$(PYTHON_IN) tools/pictures.py $(ARGS)

faults: install-dev ## kill, fill and corrupt things under load, and count what was lost
	$(PYTHON_IN) -m faults $(ARGS)

messages: install-dev ## collect and compile the translations
	$(PYTHON_IN) tools/messages.py

assets: ## rebuild the checked-in browser files (needs Node)
	npm ci --no-audit --no-fund && node tools/vendor.mjs

assets-check:
	@npm ci --no-audit --no-fund --silent && node tools/vendor.mjs --check

lock: install-dev ## write the lock files after a change of pyproject.toml (needs uv)
	$(PYTHON_IN) tools/lock.py

upgrade: install-dev ## lock the newest versions that pyproject.toml allows (needs uv)
	$(PYTHON_IN) tools/lock.py --upgrade

clean: ## remove the environment and the caches, never a data folder
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis .test-database .import_linter_cache node_modules
